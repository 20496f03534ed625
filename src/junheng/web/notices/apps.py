from importlib import import_module

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "junheng.web.notices"
    label = "notices"

    def ready(self) -> None:
        import_module("junheng.web.notices.receivers")
