from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "junheng.web.overview"
    label = "overview"
