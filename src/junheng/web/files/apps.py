from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "junheng.web.files"
    label = "files"

    def ready(self) -> None:
        from junheng.web.files import work  # noqa: PLC0415
        from junheng.web.jobs import registry  # noqa: PLC0415

        registry.register("export", work=work.export, leads_to=work.leads_to)
        registry.register("report", work=work.report, leads_to=work.leads_to)
