from django.apps import AppConfig


class BalanceConfig(AppConfig):
    name = "junheng.web.balance"
    label = "balance"

    def ready(self) -> None:
        """The way to pass is a job; warnings wait on the desk."""
        from junheng.web.accounts.roles import FORECAST  # noqa: PLC0415 - models must be ready
        from junheng.web.balance import todos, way_command, way_queries  # noqa: PLC0415
        from junheng.web.jobs import registry  # noqa: PLC0415
        from junheng.web.notices import todo  # noqa: PLC0415

        registry.register(
            way_queries.VERB,
            way_command.arguments,
            permission=FORECAST,
            leads_to=way_command.leads_to,
            title="balance.way_job",
        )
        todo.register("balance", todos=todos.mine)
