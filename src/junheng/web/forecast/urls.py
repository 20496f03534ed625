"""Addresses of this room."""

from django.urls import path

from junheng.web.forecast import views, warning_views

app_name = "forecast"
urlpatterns = [
    path("forecast/", views.seats, name="seats"),
    path("forecast/start/", views.seats, name="start"),
    path("forecast/warnings/", warning_views.warnings, name="warnings"),
    path("forecast/warnings/list.<str:form>", warning_views.export, name="warnings_export"),
    path("forecast/scenarios/", views.seats, name="scenarios"),
    path("forecast/accuracy/", views.seats, name="accuracy"),
    path("forecast/<str:code>/", views.unit, name="unit"),
    path("forecast/<str:code>/<str:figure>.svg", views.still, name="still"),
]
