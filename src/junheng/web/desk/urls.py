"""Addresses of this room."""

from django.urls import path

from junheng.web.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("messages/", views.message_list, name="messages"),
    path("messages/read/", views.read, name="read"),
    path("warnings/seen/", views.seen, name="seen"),
]
