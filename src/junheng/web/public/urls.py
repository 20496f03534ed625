"""Everything is a file of the current edition, but for the families' pages."""

from django.urls import include, path

from junheng.web.public import families_views, views

handler404 = "junheng.web.public.views.not_found"
handler500 = "junheng.web.public.views.server_error"
urlpatterns = [
    path("", families_views.start),
    path("", include("junheng.web.public.families_urls")),
    path("<path:name>", views.serve),
]
