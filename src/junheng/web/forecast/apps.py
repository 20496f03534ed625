from django.apps import AppConfig


class ForecastConfig(AppConfig):
    name = "junheng.web.forecast"
    label = "forecast"

    def ready(self) -> None:
        """A finished run leads to its seats, a finished scenario to its comparison."""
        from junheng.web.forecast import addresses  # noqa: PLC0415 - models must be ready
        from junheng.web.jobs import commands, registry  # noqa: PLC0415

        registry.register("run", leads_to=addresses.seats)
        registry.register("scenario", commands.scenario, leads_to=addresses.comparison)
