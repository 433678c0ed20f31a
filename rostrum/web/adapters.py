"""How people get in: nobody signs up; the division's own sign-in opens for known people and work mail."""

from __future__ import annotations

from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.db.models import Model
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rostrum.people import actions, queries
from rostrum.people.models import Person
from rostrum.policies import queries as policies
from rostrum.policies.rolewords import KEEPER
from rostrum.registry.mailbox import check_mailbox
from rostrum.web.letters import owe_reset

_CLOSED = format_lazy(
    gettext_lazy("Your entry here is closed. If you work here again, tell {keeper}."), keeper=KEEPER
)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Sign-in with a work address and a password. No sign-up: people are added, never add themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Leaves out "you have signed in" and "you have signed out": the page that follows says so itself."""
        if message_template not in {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}:
            super().add_message(request, level, message_template, *args, **kwargs)

    def send_password_reset_mail(self, user: Person, email: str, context: dict[str, Any]) -> None:
        """Owes the letter like every other one; the link that allauth made for it is thrown away unused."""
        owe_reset(user)


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Sign-in through the division's Google Workspace or Microsoft Entra.

    It opens only with an address that the provider says it verified and that belongs to an active person. An
    unknown address in one of the procedure's work-mail domains (AP 193 1.6) makes a new person with no role.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        self._check_hosted_domain(request, sociallogin)
        if sociallogin.is_existing:
            if not sociallogin.user.is_active:
                self._refuse(request, _CLOSED)
            return
        address = next((entry.email for entry in sociallogin.email_addresses if entry.verified), "")
        if not address:
            self._refuse(
                request, _("Your sign-in did not confirm an e-mail address, so it cannot tell who you are.")
            )
        person = queries.by_email(address)
        if person is None:
            person = self._newcomer(request, sociallogin, address)
        sociallogin.connect(request, person)

    def _newcomer(self, request: HttpRequest, sociallogin: Any, address: str) -> Person:
        if Person.objects.filter(email__iexact=address).exists():
            self._refuse(request, _CLOSED)
        domains = policies.current().division.mail_domains
        if check_mailbox(address, domains=domains) is not None:
            self._refuse(
                request, _("%(address)s is not a work address of the division.") % {"address": address}
            )
        data = sociallogin.account.extra_data or {}
        claims = {**(data.get("id_token") or {}), **(data.get("userinfo") or {}), **data}
        name = str(claims.get("name") or address.partition("@")[0])[:120]
        return actions.add_person(email=address, name=name, by=None)

    def _check_hosted_domain(self, request: HttpRequest, sociallogin: Any) -> None:
        """Google says in `hd` which Workspace an address belongs to; a private one ending alike has none."""
        app = getattr(sociallogin.provider, "app", None)
        wanted = str((getattr(app, "settings", None) or {}).get("hosted_domain") or "")
        if not wanted:
            return
        data = sociallogin.account.extra_data or {}
        claims = {**data, **(data.get("userinfo") or {}), **(data.get("id_token") or {})}
        if str(claims.get("hd", "")).lower() != wanted.lower():
            self._refuse(request, _("Sign in with your account of %(domain)s.") % {"domain": wanted})

    @staticmethod
    def _refuse(request: HttpRequest, why: str | Promise) -> NoReturn:
        raise ImmediateHttpResponse(render(request, "socialaccount/refused.html", {"why": why}, status=403))

    def new_user(self, request: HttpRequest, sociallogin: Any) -> Model:
        """A blank entry that allauth fills while it looks the address up; it is never saved."""
        return Person()
