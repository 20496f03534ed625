"""What all installations share. Nothing here is a secret, and nothing switches a protection off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF

from junheng.web.settings import environment

WEB = Path(__file__).resolve().parent.parent

WORKSPACE = environment.workspace()
DESK = WORKSPACE / "desk"
"""Folder for what belongs to the application and not to the region's data: uploads, exports, the database."""

DATABASES = {
    "default": environment.database(
        environment.text("JUNHENG_DATABASE", f"sqlite:///{DESK / 'desk.sqlite3'}"),
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "axes",
    "csp",
    "ninja",
    "django_tasks",
    "django_tasks_db",
    "junheng.web.units",
    "junheng.web.audit",
    "junheng.web.accounts",
    "junheng.web.notices",
    "junheng.web.jobs",
    "junheng.web.files",
    "junheng.web.api",
    "junheng.web.runs",
    "junheng.web.privacy",
    "junheng.web.figures",
    "junheng.web.house",
    "junheng.web.desk",
    "junheng.web.overview",
    "junheng.web.data_centre",
    "junheng.web.forecast",
    "junheng.web.balance",
    "junheng.web.plan",
    "junheng.web.admission",
    "junheng.web.admission.draws",
    "junheng.web.admission.results",
    "junheng.web.publication",
    "junheng.web.manage",
]

MIDDLEWARE = [
    "junheng.web.house.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "junheng.web.house.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "junheng.web.accounts.middleware.SessionRules",
    "junheng.web.house.middleware.HtmxRedirects",
    "junheng.web.house.middleware.Refusals",
    "junheng.web.accounts.middleware.OwnPassword",
    "junheng.web.accounts.middleware.SecondFactor",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "junheng.web.house.middleware.NoNul",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "junheng.web.urls"
WSGI_APPLICATION = "junheng.web.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "DIRS": [WEB / "accounts" / "templates", WEB / "house" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "junheng.web.house.context.house",
                "junheng.web.notices.context.notices",
            ],
            "builtins": ["junheng.web.house.templatetags.house"],
        },
    }
]

# language and time: stored in UTC, shown in the bureau's time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = environment.text("JUNHENG_TIME_ZONE", "Asia/Shanghai")

# people
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "junheng.web.accounts.passwords.NotUsedBefore", "OPTIONS": {"last": 5}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "junheng.web.accounts.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "junheng.web.accounts.adapter.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {"login_failed": None}  # lock-out is axes' alone: two counters hide each other
ACCOUNT_SESSION_REMEMBER = False
USERSESSIONS_TRACK_ACTIVITY = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "junheng.web.accounts.adapter.FactorAdapter"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
"""Steps of thirty seconds a code may be early or late (RFC 6238, 5.2 recommends one): servers without a
time service and codes typed in the last second both exist."""
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # never by address alone: a school shares one
PROXIES = 0
"""How many proxies of ours stand before us; what they say of addresses is believed, nothing else."""
AXES_CLIENT_IP_CALLABLE = "junheng.web.accounts.lockout.address"
AXES_USERNAME_CALLABLE = "junheng.web.accounts.lockout.username"
AXES_LOCKOUT_CALLABLE = "junheng.web.accounts.lockout.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True  # who signed in stands in the audit trail

# personal fields are sealed with AES-256-GCM, or SM4-GCM where the bureau must use national ciphers
FIELD_CIPHER = environment.text("JUNHENG_FIELD_CIPHER", "aes256gcm")

# sessions and cookies
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE_SECONDS = 30 * 60
SESSION_ABSOLUTE_SECONDS = 12 * 60 * 60
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "junheng.web.house.errors.csrf_failure"

# what a page may load: itself
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# files
STATIC_URL = "/static/"
STATIC_ROOT = DESK / "static"
STATICFILES_DIRS = [WEB / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/dist/assets/.+$"
MEDIA_ROOT = DESK / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
UPLOAD_LIMIT_BYTES = 200 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# files people take away
EXPORTS_A_DAY = environment.number("JUNHENG_EXPORTS_A_DAY", 100)
EXPORT_KEPT_HOURS = environment.number("JUNHENG_EXPORT_KEPT_HOURS", 48)

# reading by programs
API_RATE = environment.text("JUNHENG_API_RATE", "120/min")
API_TOKEN_DAYS = environment.number("JUNHENG_API_TOKEN_DAYS", 366)
API_TOKENS_A_PERSON = 10

# work that takes longer than two seconds
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["quick", "heavy"],
    }
}
JOB_MEMORY_BYTES = environment.number("JUNHENG_JOB_MEMORY_MB", 6144) * 1024 * 1024

CACHES = {
    "default": {  # in the database: limits count over all processes
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
    }
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {
        "junheng.requests": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
DEMO = False
