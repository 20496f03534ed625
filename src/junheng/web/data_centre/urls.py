"""Addresses of this room."""

from django.urls import path

from junheng.web.data_centre import views

app_name = "data"
urlpatterns = [path("data/", views.index, name="index")]
