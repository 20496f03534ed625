"""Addresses of this room."""

from django.urls import path

from junheng.web.plan import task_views, views

app_name = "plan"
urlpatterns = [
    path("plan/", views.index, name="index"),
    path("plan/documents/<str:document>/", views.document, name="document"),
    path("plan/documents/<str:document>/clauses/<str:clause>/", views.clause, name="clause"),
    path("plan/tasks/", task_views.tasks, name="tasks"),
    path("plan/tasks/<str:document>/<str:task>/", task_views.task, name="task"),
    path("plan/reports/<int:report>/examine/", task_views.examine, name="examine"),
    path("plan/reports/<int:report>/evidence/", task_views.file, name="evidence"),
    path("plan/spending/", views.spending, name="spending"),
    path("plan/files/<str:what>/<str:form>/", views.export, name="export"),
]
