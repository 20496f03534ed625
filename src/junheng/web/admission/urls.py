"""Addresses of this room."""

from django.urls import include, path

from junheng.web.admission import views

app_name = "admission"
urlpatterns = [
    path("admission/", views.index, name="index"),
    path("admission/", include("junheng.web.admission.draws.urls")),
    path("admission/", include("junheng.web.admission.results.urls")),
]
