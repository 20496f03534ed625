from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "junheng.web.privacy"
    label = "privacy"
