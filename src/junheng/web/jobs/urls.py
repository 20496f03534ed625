"""Addresses of jobs."""

from django.urls import path

from junheng.web.jobs import views

app_name = "jobs"
urlpatterns = [
    path("jobs/", views.index, name="list"),
    path("jobs/<int:job>/", views.one, name="one"),
    path("jobs/<int:job>/progress/", views.progress, name="progress"),
    path("jobs/<int:job>/cancel/", views.cancel, name="cancel"),
    path("jobs/<int:job>/retry/", views.retry, name="retry"),
]
