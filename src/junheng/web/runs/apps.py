from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "junheng.web.runs"
    label = "runs"

    def ready(self) -> None:
        from junheng.web.notices import todo  # noqa: PLC0415 - the registry is filled when Django is ready
        from junheng.web.runs import todos  # noqa: PLC0415 - the registry is filled when Django is ready

        todo.register("runs", todos=todos.mine, occasions=todos.year)
