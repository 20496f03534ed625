from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "junheng.web.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Name the verbs every desk has, and what jobs leave to do."""
        from junheng.web.jobs import commands, todos  # noqa: PLC0415 - models must be ready
        from junheng.web.notices import todo  # noqa: PLC0415

        commands.register_all()
        todo.register("jobs", todos.mine)
