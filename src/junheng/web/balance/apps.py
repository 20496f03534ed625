from django.apps import AppConfig


class BalanceConfig(AppConfig):
    name = "junheng.web.balance"
    label = "balance"
