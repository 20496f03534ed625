"""Every address. The context stands in the path: unit, year, page."""

from django.urls import include, path

from junheng.web.accounts import lockout
from junheng.web.api.router import urls as api_urls
from junheng.web.house import entrance, errors, health, picker

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = lockout.too_many
handler500 = errors.server_error

_rooms = [
    path("", include("junheng.web.desk.urls")),
    path("", include("junheng.web.overview.urls")),
    path("", include("junheng.web.data_centre.urls")),
    path("", include("junheng.web.forecast.urls")),
    path("", include("junheng.web.balance.urls")),
    path("", include("junheng.web.plan.urls")),
    path("", include("junheng.web.admission.urls")),
    path("", include("junheng.web.publication.urls")),
    path("", include("junheng.web.manage.urls")),
    path("", include("junheng.web.files.urls")),
    path("", include("junheng.web.api.urls")),
    path("", include("junheng.web.jobs.urls")),
]

urlpatterns = [
    path("", entrance.home, name="home"),
    path("language/", entrance.set_language, name="set_language"),
    path("go/", picker.go, name="go"),
    path("units.json", picker.units, name="units"),
    path("favicon.ico", entrance.icon, name="icon"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("junheng.web.accounts.urls")),
    path("api/v1/", api_urls),
    path("<str:unit>/<int:year>/", include(_rooms)),
]
