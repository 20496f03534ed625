"""Addresses of the page on tokens; the API's own are in `router`."""

from django.urls import path

from junheng.web.api import views

app_name = "tokens"
urlpatterns = [
    path("tokens/", views.mine, name="mine"),
    path("tokens/<int:token>/end/", views.end, name="end"),
]
