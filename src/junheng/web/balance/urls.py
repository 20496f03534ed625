"""Addresses of this room."""

from django.urls import path

from junheng.web.balance import views

app_name = "balance"
urlpatterns = [
    path("balance/", views.board, name="board"),
    path("balance/items/<str:item>/", views.item, name="item"),
]
