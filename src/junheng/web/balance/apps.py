from django.apps import AppConfig


class BalanceConfig(AppConfig):
    name = "junheng.web.balance"
    label = "balance"

    def ready(self) -> None:
        """The way to pass and taking evidence into the data are jobs; what waits stands on the desk."""
        from junheng.web.accounts.roles import FORECAST, IMPORT  # noqa: PLC0415 - models must be ready
        from junheng.web.balance import case_todos, todos, way_command, way_queries  # noqa: PLC0415
        from junheng.web.balance.evidence import queries, tasks  # noqa: PLC0415
        from junheng.web.jobs import commands, registry  # noqa: PLC0415
        from junheng.web.notices import todo  # noqa: PLC0415

        registry.register(
            way_queries.VERB,
            way_command.arguments,
            permission=FORECAST,
            leads_to=way_command.leads_to,
            title="balance.way_job",
        )
        registry.register(
            queries.VERB,
            commands.commit,
            tasks.taken,
            permission=IMPORT,
            recover=commands.committed,
            leads_to=tasks.leads_to,
            title="balance.take_job",
        )
        todo.register("balance", todos=todos.mine)
        todo.register("balance_cases", todos=case_todos.mine)
