from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "junheng.web.admission.results"
    label = "admission_results"

    def ready(self) -> None:
        """Publication and rounds are jobs; placements that wait for a signature stand on the desk."""
        from junheng.web.accounts.roles import ADMIT  # noqa: PLC0415 - models must be ready
        from junheng.web.admission.results import actions, commands, todos  # noqa: PLC0415
        from junheng.web.notices import todo  # noqa: PLC0415

        commands.register_all(ADMIT)
        actions.register_all()
        todo.register("admission_results", todos.mine)
