"""A division whose procedure asks for three steps of approval, and a request on its way through them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rostrum.people.actions import appoint
from rostrum.registry import actions, registering
from rostrum.registry.models import AccountRequest, Registration
from tests.cast import Cast, build_cast

FILE = Path(__file__).parents[1] / "policies" / "data" / "other-division.toml"
CLAUSE_A = ["policy-7@2024-03-15#A"]
CLAUSE_B = ["policy-7@2024-03-15#B"]
LABELS = {
    "en": ("The sponsor agrees", "The head signs", "Public Affairs clears it"),
    "fr": ("La personne responsable accepte", "La direction signe", "Les Affaires publiques donnent leur accord"),
}
VERBS = {"en": ("Agree", "Sign", "Clear"), "fr": ("Accepter", "Signer", "Donner l’accord")}


def build_other_division(settings: Any) -> Cast:
    """The cast under Policy 7: Owen Clarke sponsors, Ana Petrova heads the school, Marc Laurent is Public Affairs."""
    settings.DEMO_PROCEDURE = FILE
    cast = build_cast()
    appoint(cast.colleague, role="supervisor", unit=cast.school, by=None)
    cast.colleague.__dict__.pop("_acting_on", None)
    return cast


def asked(cast: Cast, **changes: list[str]) -> AccountRequest:
    """A request that the teacher has sent: it waits for the sponsor."""
    typed = {
        "unit": [cast.school.code],
        "kind": ["school"],
        "platform": ["youtube"],
        "name": ["Rendell Park School Concerts"],
        "purpose": ["Families hear the concerts."],
        "owner": [cast.teacher.email],
        **changes,
    }
    request = actions.draft(cast.teacher, typed)
    return actions.submit(request, by=cast.teacher)


def agreed(cast: Cast) -> AccountRequest:
    """The sponsor agreed: it waits for the head."""
    return actions.endorse(asked(cast), by=cast.colleague, reason="We need it.")


def signed(cast: Cast) -> AccountRequest:
    """The head signed: it waits for Public Affairs."""
    return actions.endorse(agreed(cast), by=cast.principal, reason="The name fits.")


def cleared(cast: Cast) -> AccountRequest:
    """Public Affairs gave the last yes: it waits to be registered."""
    return actions.approve(signed(cast), by=cast.communications)


def entered(cast: Cast) -> Registration:
    """The teacher filled in Form B and sent it."""
    request = cleared(cast)
    form = Registration.objects.get(request=request)
    typed = {
        "address": ["https://www.youtube.com/@rendellparkconcerts"],
        "mailbox": ["concerts@aspenridge.example.ca"],
        "owners": [cast.teacher.email],
    }
    registering.save(form, typed, by=cast.teacher)
    return registering.send(form, by=cast.teacher)
