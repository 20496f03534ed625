"""Addresses of this part of the room."""

from django.urls import path

from junheng.web.admission.results import after_views, late_views, paper_views, views
from junheng.web.admission.results.notices import views as notice_views

urlpatterns = [
    path("<str:plan_id>/results/", views.results, name="results"),
    path("<str:plan_id>/results/publish/", views.publish, name="publish"),
    *(
        path(f"<str:plan_id>/results/{part}/", views.section, {"part": part}, name=f"result_{part}")
        for part in views.SECTIONS
    ),
    path("<str:plan_id>/results/children/", views.children, name="result_children"),
    path("<str:plan_id>/results/children/<str:applicant_id>/", views.child, name="result_child"),
    path(
        "<str:plan_id>/results/children/<str:applicant_id>/<str:what>/<str:form>/",
        paper_views.paper,
        name="result_paper",
    ),
    path("<str:plan_id>/results/files/<str:what>/<str:form>/", views.file, name="result_file"),
    path("<str:plan_id>/notices/", notice_views.notices, name="notices"),
    path("<str:plan_id>/answers/", after_views.answers, name="answers"),
    path("<str:plan_id>/answers/file/", after_views.answers_file, name="answers_file"),
    path("<str:plan_id>/answers/round/", after_views.further_round, name="round"),
    path("<str:plan_id>/answers/late/", late_views.late, name="late"),
    path("<str:plan_id>/answers/late/<int:number>/", late_views.decide, name="late_decide"),
    path("<str:plan_id>/overrides/", after_views.overrides, name="overrides"),
    path("<str:plan_id>/overrides/<int:override>/", after_views.approve, name="override_approve"),
    path("<str:plan_id>/sunshine/", after_views.sunshine, name="sunshine"),
]
