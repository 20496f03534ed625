from django.apps import AppConfig


class HouseConfig(AppConfig):
    name = "junheng.web.house"
    label = "house"
