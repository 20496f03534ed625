from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "junheng.web.plan"
    label = "plan"

    def ready(self) -> None:
        """Say which tasks wait for whom."""
        from junheng.web.notices import todo  # noqa: PLC0415 - reads models
        from junheng.web.plan import todos  # noqa: PLC0415 - as above

        todo.register("plan", todos.mine, todos.year)
