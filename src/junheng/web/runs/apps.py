from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "junheng.web.runs"
    label = "runs"
