from django.apps import AppConfig


class ManageConfig(AppConfig):
    name = "junheng.web.manage"
    label = "manage"
