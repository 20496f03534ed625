"""Addresses of this room."""

from django.urls import include, path

from junheng.web.admission import child_views, plan_views, publicity_views, views

app_name = "admission"
_one = "admission/<str:plan_id>/"
_child = f"{_one}children/<int:child>/"
urlpatterns = [
    path("admission/", views.index, name="index"),
    path("admission/begin/", views.begin, name="begin"),
    path("admission/", include("junheng.web.admission.draws.urls")),
    path("admission/", include("junheng.web.admission.results.urls")),
    path(_one, views.entry, name="entry"),
    path(f"{_one}take-in/", views.take_in, name="take_in"),
    path(f"{_one}publicise/", views.publicise, name="publicise"),
    path(f"{_one}resume/", views.resume, name="resume"),
    path(f"{_one}plan/", plan_views.plan, name="plan"),
    path(f"{_one}plan/edit/", plan_views.edit, name="edit"),
    path(f"{_one}children/", child_views.children, name="children"),
    path(f"{_one}children/pass/", child_views.pass_many, name="pass_many"),
    path(f"{_one}children/take-back/", child_views.take_back, name="take_back"),
    path(f"{_one}children/new/", child_views.new, name="child_new"),
    path(_child, child_views.child, name="child"),
    path(f"{_child}edit/", child_views.edit, name="child_edit"),
    path(f"{_child}papers/", child_views.slip, name="child_slip"),
    path(f"{_child}name/", child_views.reveal, name="child_reveal"),
    path(f"{_child}decide/", child_views.decide, name="child_decide"),
    path(f"{_child}pass/", child_views.pass_on, name="child_pass"),
    path(f"{_child}send-back/", child_views.send_back, name="child_send_back"),
    path(f"{_child}withdraw/", child_views.withdraw, name="child_withdraw"),
    path(f"{_child}readmit/", child_views.readmit, name="child_readmit"),
    path(f"{_one}publicity/", publicity_views.posted, name="publicity"),
    path(f"{_one}publicity/list.csv", publicity_views.posted_file, name="publicity_file"),
    path(f"{_one}objections/", publicity_views.objections, name="objections"),
    path(f"{_one}objections/<int:objection>/", publicity_views.objection, name="objection"),
    path(f"{_one}readiness/", publicity_views.readiness, name="readiness"),
]
