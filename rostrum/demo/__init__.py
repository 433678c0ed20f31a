"""A believable division, built only by calling actions: invented people, and only ever in a demonstration."""

from __future__ import annotations


def people_who_can_sign_in() -> list[dict[str, str]]:
    """Name, role and e-mail of everyone who can sign in with one click; for the console."""
    from rostrum.demo.people import roles

    return [{"name": one.name, "role": str(one.role), "email": one.email} for one in roles()]
