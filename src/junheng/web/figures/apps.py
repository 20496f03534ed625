from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "junheng.web.figures"
    label = "figures"
