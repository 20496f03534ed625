"""Everything is a file of the current edition."""

from django.urls import path

from junheng.web.public import views

handler404 = "junheng.web.public.views.not_found"
handler500 = "junheng.web.public.views.server_error"
urlpatterns = [path("", views.serve), path("<path:name>", views.serve)]
