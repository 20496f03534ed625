"""Addresses of this room."""

from django.urls import path

from junheng.web.forecast import views

app_name = "forecast"
urlpatterns = [
    path("forecast/", views.seats, name="seats"),
    path("forecast/start/", views.seats, name="start"),
]
