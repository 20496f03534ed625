from django.apps import AppConfig


class AdmissionConfig(AppConfig):
    name = "junheng.web.admission"
    label = "admission"
