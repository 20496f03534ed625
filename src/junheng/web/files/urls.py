"""Addresses of files."""

from django.urls import path

from junheng.web.files import views

app_name = "files"
urlpatterns = [
    path("files/", views.mine, name="mine"),
    path("files/stored/<str:token>/", views.stored, name="stored"),
    path("files/report/<str:run_id>/<str:form>/", views.report, name="report"),
    path("files/table/<str:source>/<str:table>/<str:form>/", views.table, name="table"),
]
