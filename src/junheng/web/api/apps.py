from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "junheng.web.api"
    label = "api"
