from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "junheng.web.notices"
    label = "notices"
