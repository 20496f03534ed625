"""Addresses of this room."""

from django.urls import path

from junheng.web.manage import views
from junheng.web.manage.administration.urls import people_urls

app_name = "manage"
urlpatterns = [
    *people_urls,
    path("manage/", views.index, name="index"),
    path("manage/health/", views.health, name="health"),
    path("reports/", views.reports, name="reports"),
    path("rules/", views.rules, name="rules"),
    path("runs/", views.run_list, name="runs"),
    path("runs/<str:run_id>/", views.run, name="run"),
    path("runs/<str:run_id>/verify/", views.verify, name="verify"),
    path("runs/<str:run_id>/review/", views.review, name="review"),
    path("runs/<str:run_id>/publish/", views.publish, name="publish"),
    path("runs/<str:run_id>/tables/<str:table>/", views.table, name="table"),
    path("runs/<str:run_id>/difference/<str:other>/", views.difference, name="difference"),
]
