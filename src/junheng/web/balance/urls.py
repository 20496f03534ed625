"""Addresses of this room."""

from django.urls import path

from junheng.web.balance import views

app_name = "balance"
urlpatterns = [
    path("balance/", views.board, name="board"),
    path("balance/schools/", views.schools, name="schools"),
    path("balance/items/<str:item>/", views.item, name="item"),
    path("balance/report/<str:form>/", views.report, name="report"),
    path("balance/warnings/", views.warnings, name="warnings"),
    path("balance/indicators/", views.indicators, name="indicators"),
    path("balance/indicators/<str:indicator>/", views.indicator, name="indicator"),
    path("balance/way/", views.way, name="pass"),
    path("balance/way/file/", views.way_file, name="pass_file"),
    path("balance/way/start/", views.start, name="pass_start"),
]
