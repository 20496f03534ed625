from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "junheng.web.admission.results"
    label = "admission_results"
