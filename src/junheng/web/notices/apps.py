from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "junheng.web.notices"
    label = "notices"

    def ready(self) -> None:
        from junheng.web.notices import receivers  # noqa: F401, PLC0415 - models must be loaded first
