"""Addresses of this room."""

from django.urls import path

from junheng.web.manage import views

app_name = "manage"
urlpatterns = [
    path("manage/", views.index, name="index"),
    path("reports/", views.index, name="reports"),
    path("runs/<str:run_id>/", views.index, name="run"),
]
