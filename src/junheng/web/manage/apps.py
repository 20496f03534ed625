from django.apps import AppConfig


class ManageConfig(AppConfig):
    name = "junheng.web.manage"
    label = "manage"

    def ready(self) -> None:
        # models must be ready before any of these is imported
        from junheng.web.accounts.roles import FORECAST  # noqa: PLC0415
        from junheng.web.jobs import commands, registry  # noqa: PLC0415
        from junheng.web.manage import actions, addresses  # noqa: PLC0415
        from junheng.web.manage.administration import duties  # noqa: PLC0415
        from junheng.web.notices import todo  # noqa: PLC0415

        registry.register(
            "verify",
            commands.verify,
            actions.holds,
            failed=actions.differs,
            permission=FORECAST,
            leads_to=addresses.run_of_job,
        )
        todo.register("manage", duties.todos)
