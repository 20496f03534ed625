"""Behind a proxy that speaks TLS. Every secret comes from the environment; nothing has a default."""

from __future__ import annotations

from junheng.web.settings import environment
from junheng.web.settings.base import *  # noqa: F403
from junheng.web.settings.base import CONTENT_SECURITY_POLICY

DEBUG = False
SECRET_KEY = environment.text("JUNHENG_SECRET_KEY")
ALLOWED_HOSTS = environment.listed("JUNHENG_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

# personal fields: "id:key[,id:key …]"; the first encrypts, the others still decrypt
FIELD_KEYS = dict(pair.split(":", 1) for pair in environment.text("JUNHENG_FIELD_KEYS").split(","))
FIELD_KEY = next(iter(FIELD_KEYS))

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True

# the addresses people come from are what the proxy says; how many proxies stand before us
PROXIES = environment.number("JUNHENG_PROXIES", 1)  # pyright: ignore[reportConstantRedefinition]
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES

if issuer := environment.text("JUNHENG_OIDC_ISSUER", ""):
    SOCIALACCOUNT_PROVIDERS = {  # pyright: ignore[reportConstantRedefinition]
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "unified",
                    "name": environment.text("JUNHENG_OIDC_NAME", "统一身份认证"),
                    "client_id": environment.text("JUNHENG_OIDC_CLIENT"),
                    "secret": environment.text("JUNHENG_OIDC_SECRET"),
                    "settings": {"server_url": issuer},
                }
            ],
        }
    }
    # a form's redirect counts as its action: without the issuer, signing in by it dies silently
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append("/".join(issuer.split("/")[:3]))
