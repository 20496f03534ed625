from django.apps import AppConfig


class AdmissionConfig(AppConfig):
    name = "junheng.web.admission"
    label = "admission"

    def ready(self) -> None:
        """Taking tables in and checking many are jobs; children and objections wait on the desk; what was
        handed in goes when its time is over."""
        from junheng.web.accounts.roles import ADMIT  # noqa: PLC0415 - models must be ready
        from junheng.web.admission import checking, registering, retention, todos  # noqa: PLC0415
        from junheng.web.admission.actions import names  # noqa: PLC0415
        from junheng.web.jobs import registry  # noqa: PLC0415
        from junheng.web.notices import todo  # noqa: PLC0415
        from junheng.web.privacy import actions as sealed  # noqa: PLC0415
        from junheng.web.privacy.retention import actions as kept  # noqa: PLC0415

        registry.register(
            registering.VERB,
            permission=ADMIT,
            work=registering.work,
            leads_to=registering.leads_to,
            title="entry.job_take_in",
        )
        registry.register(
            "admission_check_many",
            permission=ADMIT,
            work=checking.work,
            leads_to=checking.leads_to,
            title="child.job_check_many",
        )
        todo.register("admission", todos.mine, todos.year)
        sealed.register_sealed("admission", names.reseal)
        kept.register("admission", retention.due)
        kept.register("admission", retention.due_folders)
