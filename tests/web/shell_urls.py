"""Probe pages for the shell's own tests: they stand or fall without the real screens."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from rostrum.core.errors import Invalid, NotAllowed, Overtaken, WrongState
from rostrum.web import answers, demo_signin, health

REFUSALS = {
    "not-you": NotAllowed("Only the principal can endorse this.", clause="ap-193@2015-09#3.1"),
    "not-now": WrongState(
        "This was approved already.", way_forward="Here it is as it stands.", url="/staff/"
    ),
    "too-late": Overtaken("While you were reading, someone declined it."),
    "unusable": Invalid("The name is missing.", fields={"name": ["Write a name."]}),
}


class Probe(forms.Form):
    """One of each kind of field."""

    name = forms.CharField(label="Name", help_text="For example, Rendell Park School.")
    note = forms.CharField(
        label="Note", required=False, widget=forms.Textarea(attrs={"placeholder": "example"})
    )
    audience = forms.ChoiceField(label="Audience", choices=[("f", "Families")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="I agree.")
    password = forms.CharField(label="Password", required=False)


def desk(request: HttpRequest) -> HttpResponse:
    return render(request, "web_probe.html", {"form": Probe(request.POST or None)})


def public(request: HttpRequest) -> HttpResponse:
    return render(request, "404.html")


def refuse(_request: HttpRequest, kind: str) -> HttpResponse:
    raise REFUSALS[kind]


def fail(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a bug")


urlpatterns = [
    path("", include(([path("", public, name="home")], "directory"))),
    path(
        "staff/", include(([path("", desk, name="today"), path("accounts/", desk, name="accounts")], "web"))
    ),
    path("staff/refuse/<str:kind>", refuse),
    path("refuse/<str:kind>", refuse),
    path("fail", fail),
    path("me/", include("allauth.urls")),
    path("healthz", health.healthz),
    path("language", answers.language, name="language"),
    path("csp-report", answers.csp_report, name="csp-report"),
    path("brand.css", answers.brand_css, name="brand-css"),
    path("favicon.svg", answers.favicon, name="favicon"),
    path("demo/sign-in", demo_signin.sign_in, name="demo-sign-in"),
]
handler400 = answers.bad_request
handler403 = answers.forbidden
handler404 = answers.not_found
handler500 = answers.server_error
