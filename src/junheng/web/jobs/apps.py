from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "junheng.web.jobs"
    label = "jobs"
