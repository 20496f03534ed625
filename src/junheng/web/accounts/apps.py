from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "junheng.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        import_module("junheng.web.accounts.checks")
        import_module("junheng.web.accounts.receivers")
