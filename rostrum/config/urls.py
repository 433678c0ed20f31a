"""The addresses of Rostrum. Other sites and scripts link here: an address stays where it is."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from rostrum.web import answers, health
from rostrum.web.checks import posting

urlpatterns = [
    path("", include("rostrum.directory.urls")),
    path("check", posting.public_check, name="public-check"),
    path("check/marks", posting.public_marks, name="public-check-marks"),
    path("staff/", include("rostrum.web.urls")),
    path("api/", include("rostrum.api.urls")),
    path("scim/v2/", include("rostrum.api.scim.urls")),
    # The division keeps the work address: nobody changes it or adds a private one by themselves (AP 193 1.6).
    *(path(f"me/{page}", answers.not_found) for page in ("email/", "3rdparty/", "3rdparty/signup/")),
    # allauth: sign-in, password, second factor, the division's own sign-in.
    path("me/", include("allauth.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("csp-report", answers.csp_report, name="csp-report"),
    path("language", answers.language, name="language"),
    path("brand.css", answers.brand_css, name="brand-css"),
    path("favicon.svg", answers.favicon, name="favicon"),
    path("favicon.ico", answers.old_favicon),
    path("robots.txt", answers.robots, name="robots"),
]

if settings.DEMO:
    from rostrum.web import demo_signin

    urlpatterns.append(path("demo/sign-in", demo_signin.sign_in, name="demo-sign-in"))

handler400 = "rostrum.web.answers.bad_request"
handler403 = "rostrum.web.answers.forbidden"
handler404 = "rostrum.web.answers.not_found"
handler500 = "rostrum.web.answers.server_error"
