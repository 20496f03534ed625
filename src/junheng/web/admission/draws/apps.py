from django.apps import AppConfig


class DrawsConfig(AppConfig):
    name = "junheng.web.admission.draws"
    label = "admission_draws"
