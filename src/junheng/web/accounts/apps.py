from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "junheng.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        from junheng.web.accounts import checks, receivers  # noqa: F401, PLC0415 - models must be loaded first
