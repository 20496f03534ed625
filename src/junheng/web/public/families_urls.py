"""Addresses of the families' pages. None holds a code or anything of a child."""

from django.urls import path

from junheng.web.public import families_views as views

urlpatterns = [
    path("families", views.entries),
    path("families/", views.entries),
    path("families/-/<str:name>", views.own_file),
    path("families/<str:plan_id>", views.entry),
    path("families/<str:plan_id>/proof", views.proof),
    path("families/<str:plan_id>/verify", views.verify),
    path("families/<str:plan_id>/files/<str:name>", views.files),
    path("families/<str:plan_id>/type/<str:name>", views.font),
    path("families/<path:rest>", views.unknown),
]
