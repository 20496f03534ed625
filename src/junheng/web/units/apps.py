from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "junheng.web.units"
    label = "units"
