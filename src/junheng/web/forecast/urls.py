"""Addresses of this room."""

from django.urls import path

from junheng.web.forecast import scenario_views, start_views, views, warning_views

app_name = "forecast"
urlpatterns = [
    path("forecast/", views.seats, name="seats"),
    path("forecast/start/", start_views.start, name="start"),
    path("forecast/warnings/", warning_views.warnings, name="warnings"),
    path("forecast/warnings/list.<str:form>", warning_views.export, name="warnings_export"),
    path("forecast/scenarios/", scenario_views.scenarios, name="scenarios"),
    path("forecast/scenarios/new/", scenario_views.new, name="scenario_new"),
    path("forecast/scenarios/units/", scenario_views.lever_units, name="lever_units"),
    path("forecast/scenarios/ready/", scenario_views.built_in, name="built_in"),
    path("forecast/scenarios/compare/", scenario_views.compare, name="compare"),
    path("forecast/accuracy/", start_views.accuracy, name="accuracy"),
    path("forecast/<str:code>/", views.unit, name="unit"),
    path("forecast/<str:code>/<str:figure>.svg", views.still, name="still"),
]
