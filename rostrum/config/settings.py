"""Every setting of Rostrum, read once from the environment; safe for a laptop, strict in production."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "rostrum"


class Env(BaseSettings):
    """What the environment may say. A misspelt value stops the start; an unset one has a safe default."""

    model_config = SettingsConfigDict(env_prefix="ROSTRUM_", extra="ignore", populate_by_name=True)

    mode: Literal["production", "development", "demo", "test"] = "production"
    data_dir: Path = ROOT / "data"
    site_url: str = "http://127.0.0.1:8193"
    site_name: str = "Rostrum"
    division_name: str = ""
    brand_colour: str = Field(default="#1f4e79", pattern=r"^#[0-9a-fA-F]{6}$")
    brand_accent: str = Field(default="#b3541e", pattern=r"^#[0-9a-fA-F]{6}$")
    logo_url: str = ""
    contact_email: str = ""
    # What trust.txt says of the division beside its accounts: {"belongto": ["https://…"]}.
    trust: dict[
        Literal["member", "belongto", "control", "controlledby", "vendor", "customer", "disclosure",
                "datatrainingallowed"], list[str]
    ] = {}
    secret_key: SecretStr = SecretStr("")
    secret_key_fallbacks: list[SecretStr] = []
    database_url: str = Field(default="", validation_alias=AliasChoices("DATABASE_URL", "database_url"))
    time_zone: str = "America/Edmonton"
    trusted_proxy: bool = False
    web_workers: int = Field(default=2, ge=1, le=64)
    email_host: str = ""
    email_port: int = 587
    email_user: str = ""
    email_password: SecretStr = SecretStr("")
    email_tls: Literal["starttls", "tls", "none"] = "starttls"
    email_from: str = ""
    google_client_id: str = ""
    google_client_secret: SecretStr = SecretStr("")
    google_hosted_domain: str = ""
    entra_tenant: str = ""
    entra_client_id: str = ""
    entra_client_secret: SecretStr = SecretStr("")
    second_factor: Literal["required", "offered"] | None = None
    # Hosts inside the own network that webhooks may go to; without a name here they go to public addresses only.
    webhook_private_hosts: list[str] = []
    webhook_off_after_days: int = Field(default=5, ge=1, le=60)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


try:
    ENV = Env()
except ValidationError as error:
    lines = "; ".join(f"ROSTRUM_{'.'.join(str(p) for p in e['loc']).upper()}: {e['msg']}" for e in error.errors())
    raise ImproperlyConfigured(f"The environment has settings Rostrum cannot use. {lines}") from None

MODE = ENV.mode
PRODUCTION = MODE == "production"
DEMO = MODE == "demo"
TESTING = MODE == "test"
DEBUG = False
SITE_URL = ENV.site_url.rstrip("/")
SITE_NAME = ENV.site_name
SITE_HOST = urlsplit(SITE_URL).hostname or ""
HTTPS = urlsplit(SITE_URL).scheme == "https"
DATA_DIR = ENV.data_dir
DIVISION_NAME = ENV.division_name
BRAND = {"colour": ENV.brand_colour, "accent": ENV.brand_accent, "logo": ENV.logo_url}
CONTACT_EMAIL = ENV.contact_email
TRUST = ENV.trust
WEB_WORKERS = ENV.web_workers
WEBHOOK_PRIVATE_HOSTS = [host.lower() for host in ENV.webhook_private_hosts]
WEBHOOK_OFF_AFTER_DAYS = ENV.webhook_off_after_days
SECOND_FACTOR_REQUIRED = ENV.second_factor == "required" or (ENV.second_factor is None and PRODUCTION)


def _local_secret() -> str:
    """A secret made once for this machine and kept in the data folder, so that sessions outlive a restart."""
    path = DATA_DIR / "secret.key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
                handle.write(secrets.token_urlsafe(64))
        except FileExistsError:
            pass  # another process of the same start made it first
    return path.read_text().strip()


SECRET_KEY = ENV.secret_key.get_secret_value() or ("test-only-" + "k" * 50 if TESTING else "")
if not SECRET_KEY and not PRODUCTION:
    SECRET_KEY = _local_secret()
SECRET_KEY_FALLBACKS = [key.get_secret_value() for key in ENV.secret_key_fallbacks]

if PRODUCTION:
    unsafe = []
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10:
        unsafe.append("ROSTRUM_SECRET_KEY must hold at least 50 random characters")
    if not HTTPS:
        unsafe.append("ROSTRUM_SITE_URL must start with https://")
    if not ENV.email_host:
        unsafe.append("ROSTRUM_EMAIL_HOST must name the SMTP server that delivers the notices")
    if not ENV.email_from:
        unsafe.append("ROSTRUM_EMAIL_FROM must hold the address that notices come from")
    if ENV.email_tls == "none" and ENV.email_host not in {"localhost", "127.0.0.1", "::1", ""}:
        unsafe.append("ROSTRUM_EMAIL_TLS may be 'none' only for a mail server on this machine")
    if ENV.second_factor == "offered":
        unsafe.append("ROSTRUM_SECOND_FACTOR must be 'required': approvers and privacy staff need one")
    if unsafe:
        raise ImproperlyConfigured(
            "Rostrum will not start in production with unsafe settings. " + ". ".join(unsafe) + ". "
            "To try it on this machine, use: make run"
        )

ALLOWED_HOSTS = [SITE_HOST] if PRODUCTION else [SITE_HOST, "localhost", "127.0.0.1", "[::1]"]
if TESTING:
    ALLOWED_HOSTS.append("testserver")
CSRF_FAILURE_VIEW = "rostrum.web.answers.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []
USE_X_FORWARDED_HOST = False
if ENV.trusted_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_q",
    "rostrum",
]

MIDDLEWARE = [
    "rostrum.web.middleware.RequestIdMiddleware",
    "rostrum.web.middleware.ReadingMiddleware",
    "rostrum.web.middleware.PrivatePagesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "rostrum.web.middleware.SessionAgeMiddleware",
    "rostrum.web.middleware.SecondFactorMiddleware",
    "rostrum.web.middleware.PersonLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "rostrum.web.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "rostrum.config.urls"
WSGI_APPLICATION = "rostrum.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rostrum.web.context.site",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "rostrum.templatetags.rostrum"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database: SQLite durable by default (WAL alone loses acknowledged writes on power cuts), else DATABASE_URL.
SQLITE_OPTIONS: dict[str, Any] = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;PRAGMA mmap_size=0;"
        "PRAGMA journal_size_limit=67108864;PRAGMA cache_size=-20000;PRAGMA temp_store=MEMORY;"
    ),
}
SQLITE = not ENV.database_url or ENV.database_url.startswith("sqlite")
DATABASES: dict[str, dict[str, Any]] = {
    "default": (
        dict(dj_database_url.parse(ENV.database_url, conn_max_age=600, conn_health_checks=True))
        if ENV.database_url
        else {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "rostrum.sqlite3",
            "CONN_MAX_AGE": 600,
        }
    )
}
if SQLITE:
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
if SQLITE and TESTING:
    # A file, so that threads and a browser see one database as in real life; no power cut matters to a test.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"] = {
        **SQLITE_OPTIONS, "init_command": SQLITE_OPTIONS["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    }

CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
        if TESTING
        # Shared by all processes: sign-in throttles counted per process would be as many times weaker.
        else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "rostrum_cache"}
    )
}

# --- People and sign-in
AUTH_USER_MODEL = "rostrum.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 1800
LOGIN_URL = "/me/login/"
LOGIN_REDIRECT_URL = "/staff/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "rostrum.web.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "rostrum.web.adapters.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_FORMS = {"login": "rostrum.web.signin.SignInForm"}
ACCOUNT_SESSION_REMEMBER = False  # shared computers: a session ends with the browser
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # strangers' addresses get no letters from us
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,5/5m/key", "reset_password": "10/h/ip,3/h/key"}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

_apps = []
if ENV.google_client_id:
    _apps.append(
        {
            "provider_id": "google",
            "name": "Google Workspace",
            "client_id": ENV.google_client_id,
            "secret": ENV.google_client_secret.get_secret_value(),
            "settings": {
                "server_url": "https://accounts.google.com",
                "hosted_domain": ENV.google_hosted_domain,
                "oauth_pkce_enabled": True,
                "ask_again": "prompt=select_account",  # Google has no way to ask for the password itself
            },
        }
    )
if ENV.entra_client_id:
    if ENV.entra_tenant.lower() in {"", "common", "organizations", "consumers"}:
        raise ImproperlyConfigured(
            "ROSTRUM_ENTRA_TENANT must name the division's own tenant: any other lets everybody in who has an "
            "account with Microsoft"
        )
    _apps.append(
        {
            "provider_id": "microsoft",
            "name": "Microsoft Entra",
            "client_id": ENV.entra_client_id,
            "secret": ENV.entra_client_secret.get_secret_value(),
            "settings": {
                "server_url": f"https://login.microsoftonline.com/{ENV.entra_tenant}/v2.0",
                "oauth_pkce_enabled": True,
                "ask_again": "prompt=login",
                # Microsoft sends no email_verified. The tenant is the division's own, so its word is taken.
                "verified_email": True,
            },
        }
    )
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": _apps}}

# --- Sessions and cookies
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_IDLE_SECONDS = 30 * 60
SESSION_ABSOLUTE_SECONDS = 12 * 3600
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_COOKIE_NAME = "__Host-sid" if HTTPS else "sid"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600

# --- Headers
SECURE_SSL_REDIRECT = HTTPS and PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # an e-mail address is unique whatever its capitals: by a constraint, not by the field
    "security.W021",  # HSTS preload binds every subdomain of the division: their decision, not a default
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF, *(["https://accounts.google.com"] if ENV.google_client_id else []),
                        *(["https://login.microsoftonline.com"] if ENV.entra_client_id else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
        "report-uri": ["/csp-report"],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in (
        "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
        "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb",
    )
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750

# --- Mail
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.email_from or "rostrum@localhost"
if ENV.email_host and not DEMO:  # invented people have addresses at a real domain: the demo writes to nobody
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = ENV.email_host, ENV.email_port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = ENV.email_user, ENV.email_password.get_secret_value()
    EMAIL_USE_TLS, EMAIL_USE_SSL = ENV.email_tls == "starttls", ENV.email_tls == "tls"
elif not TESTING:
    # A laptop has no mail server: letters are written to files, and the outbox page shows them.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"

# --- Languages and time
LANGUAGE_CODE = "en-ca"
LANGUAGES = [("en-ca", _("English")), ("fr-ca", _("French"))]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = ENV.time_zone
# The pinned tzdata wins over the system's: America/Edmonton's rules changed in 2026 and old systems do not know.
os.environ["PYTHONTZPATH"] = ""
import zoneinfo  # noqa: E402 - must follow the line above

zoneinfo.reset_tzpath(to=[])
FORMAT_MODULE_PATH = ["rostrum.config.formats"]

# --- Static files: hashed names made by `rostrum setup`, served by the application itself.
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "build" / "static"
STATICFILES_DIRS = [("", PACKAGE / "static"), ("vendor", ROOT / "build" / "vendor")]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder",
                       "django.contrib.staticfiles.finders.AppDirectoriesFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if TESTING
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = TESTING
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = DATA_DIR / "media"

# --- Background work: django-q2 on the same database. retry > timeout, or a slow job would run twice.
Q_CLUSTER = {
    "name": "rostrum", "orm": "default", "workers": 2, "timeout": 120, "retry": 180, "max_attempts": 3,
    "ack_failures": False, "poll": 0.5, "catch_up": False, "save_limit": 1000, "bulk": 1,
    "label": "Rostrum", "sync": False,
}

DEMO_ROLES_PROVIDER = "rostrum.demo.people.roles"
PROCEDURES_DIR = ROOT / "procedures"
DEMO_ROLES_PROVIDER = "rostrum.demo.people.roles"
DEMO_PROCEDURE = PROCEDURES_DIR / "ap-193" / "2015-09.toml"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "line"}},
    # The engine's line per queued and per delivered job tells nobody anything.
    "loggers": {"django-q": {"level": "DEBUG" if ENV.log_level == "DEBUG" else "WARNING"}},
    "root": {"handlers": ["console"], "level": "WARNING" if TESTING else ENV.log_level},
}
