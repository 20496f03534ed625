from django.apps import AppConfig


class ManageConfig(AppConfig):
    name = "junheng.web.manage"
    label = "manage"

    def ready(self) -> None:
        from junheng.web.accounts.roles import FORECAST  # noqa: PLC0415 - the registry is filled when Django is ready
        from junheng.web.jobs import commands, registry  # noqa: PLC0415 - the registry is filled when Django is ready
        from junheng.web.manage import actions, addresses  # noqa: PLC0415 - the registry is filled when Django is ready
        from junheng.web.manage.administration import duties
        from junheng.web.notices import todo

        registry.register(
            "verify",
            commands.verify,
            actions.holds,
            failed=actions.differs,
            permission=FORECAST,
            leads_to=addresses.run_of_job,
        )
        todo.register("manage", duties.todos)
