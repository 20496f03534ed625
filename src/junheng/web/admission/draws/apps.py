from django.apps import AppConfig


class DrawsConfig(AppConfig):
    name = "junheng.web.admission.draws"
    label = "admission_draws"

    def ready(self) -> None:
        """Trial, freeze, announcement and draw are jobs; what waits for whom stands on the desk."""
        from junheng.web.accounts.roles import ADMIT  # noqa: PLC0415 - models must be ready
        from junheng.web.admission.draws import commands, todos  # noqa: PLC0415
        from junheng.web.admission.draws.actions import freezing  # noqa: PLC0415
        from junheng.web.notices import todo  # noqa: PLC0415

        commands.register_all(ADMIT)
        freezing.register_all()
        todo.register("admission_draws", todos.mine, todos.year)
