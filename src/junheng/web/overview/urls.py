"""Addresses of this room."""

from django.urls import path

from junheng.web.overview import views

app_name = "overview"
urlpatterns = [
    path("overview/", views.map_page, name="map"),
    path("overview/areas.geojson", views.polygons, name="areas"),
    path("overview/map.svg", views.picture, name="picture"),
    path("overview/<str:stage_code>.svg", views.school_picture, name="school_picture"),
]
