"""The one letter that sign-in itself owes: the link to a new password. Its link is made when the letter leaves."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rostrum.notices.actions import owe
from rostrum.notices.kinds import NoticeKind, declare
from rostrum.notices.models import Notice
from rostrum.people.models import Person


def reset_path(person: Person) -> str:
    """The path of a fresh link to a new password. It works once, for PASSWORD_RESET_TIMEOUT seconds from now."""
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str

    key = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    return reverse("account_reset_password_from_key", kwargs=key)


PASSWORD_RESET = declare(
    NoticeKind(
        "signin.password_reset",
        _("Set a new password for Rostrum"),
        _("Open this link to choose a new password. It works once, for 30 minutes."),
        _("Someone asked for it with your address. If it was not you, do nothing: your password stays as it is."),
        _("Choose a new password"),
        "web:person",
        asks=True,
        secret=reset_path,
        for_at_most=timedelta(hours=1),
    )
)


@transaction.atomic
def owe_reset(person: Person) -> Notice:
    """Owe a person the letter with a link to a new password. Nothing of the link is written down anywhere.

    The job makes the link of the installation's own address, so a forged Host header cannot bend it, and each attempt
    makes a fresh one, so a mail server that was down for a while does not deliver a dead link.
    """
    return owe(PASSWORD_RESET, to=person, about=person, ref=str(person.pk), context={})
