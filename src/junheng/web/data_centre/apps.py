from django.apps import AppConfig


class DataCentreConfig(AppConfig):
    name = "junheng.web.data_centre"
    label = "data_centre"
