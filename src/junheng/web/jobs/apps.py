from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "junheng.web.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Name the verbs every desk has, what jobs leave to do, and that workers must live."""
        from junheng.web.house import health  # noqa: PLC0415 - models must be ready
        from junheng.web.jobs import commands, queries, todos  # noqa: PLC0415
        from junheng.web.notices import todo  # noqa: PLC0415

        commands.register_all()
        todo.register("jobs", todos.mine)
        health.register("workers", queries.all_served)
