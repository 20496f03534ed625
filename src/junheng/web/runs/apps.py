from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "junheng.web.runs"
    label = "runs"

    def ready(self) -> None:
        from junheng.web.notices import todo  # noqa: PLC0415
        from junheng.web.runs import todos  # noqa: PLC0415

        todo.register("runs", todos=todos.mine, occasions=todos.year)
