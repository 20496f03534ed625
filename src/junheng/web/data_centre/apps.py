from django.apps import AppConfig


class DataCentreConfig(AppConfig):
    name = "junheng.web.data_centre"
    label = "data_centre"

    def ready(self) -> None:
        """Name what this room does with jobs."""
        from junheng.web.data_centre import registering  # noqa: PLC0415 - reads models

        registering.register()
