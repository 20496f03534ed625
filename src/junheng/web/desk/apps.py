from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "junheng.web.desk"
    label = "desk"
