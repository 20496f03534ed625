"""Addresses of this room."""

from django.urls import path

from junheng.web.publication import views

app_name = "publication"
urlpatterns = [
    path("publication/", views.index, name="index"),
    path("publication/publish/", views.publish, name="publish"),
    path("publication/show/", views.show, name="show"),
    path("publication/withdraw/", views.withdraw, name="withdraw"),
]
