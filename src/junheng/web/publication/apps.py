from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "junheng.web.publication"
    label = "publication"

    def ready(self) -> None:
        from junheng.web.jobs import registry  # noqa: PLC0415 - models must be loaded first
        from junheng.web.publication import actions  # noqa: PLC0415

        registry.register(
            actions.VERB,
            finish=actions.made,
            permission="publish",
            work=actions.make,
            leads_to=actions.address,
            title="publication.job",
        )
