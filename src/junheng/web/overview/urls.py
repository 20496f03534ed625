"""Addresses of this room."""

from django.urls import path

from junheng.web.overview import views

app_name = "overview"
urlpatterns = [path("overview/", views.map_page, name="map")]
