"""The public site: no database, no session, no cookie, no application of the desk.

`JUNHENG_PUBLIC` is the folder of published editions (default: `public` in `JUNHENG_WORKSPACE`); it may lie on
another machine in another zone. `JUNHENG_PUBLIC_HOSTS` lists the names the site answers to,
`JUNHENG_PUBLIC_PROXIES` counts the bureau's own proxies in front of it.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from junheng.web.settings import environment

PUBLIC = Path(environment.text("JUNHENG_PUBLIC", "") or environment.workspace() / "public").resolve()

DEBUG = False
SECRET_KEY = secrets.token_urlsafe(48)
"""Signs nothing here; Django wants one."""
ALLOWED_HOSTS = environment.listed("JUNHENG_PUBLIC_HOSTS") or ["127.0.0.1", "localhost", "[::1]"]

INSTALLED_APPS: list[str] = []
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "junheng.web.public.middleware.StrictHeaders",
]
ROOT_URLCONF = "junheng.web.public.urls"
WSGI_APPLICATION = "junheng.web.public.wsgi.application"
TEMPLATES: list[dict[str, object]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).resolve().parent.parent / "public" / "templates"],
    }
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 8192
PROXIES = environment.number("JUNHENG_PUBLIC_PROXIES", 0)
"""Our own proxies in front, so that tries are counted for the address behind them."""
DATABASES: dict[str, dict[str, object]] = {}
USE_I18N = False
USE_TZ = True
TIME_ZONE = environment.text("JUNHENG_TIME_ZONE", "Asia/Shanghai")
APPEND_SLASH = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
LOGGING_CONFIG = None
