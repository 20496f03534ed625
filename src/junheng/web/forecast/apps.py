from django.apps import AppConfig


class ForecastConfig(AppConfig):
    name = "junheng.web.forecast"
    label = "forecast"
