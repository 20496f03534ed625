from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "junheng.web.accounts"
    label = "accounts"
