"""A suspended account's manager appeals and wins before somebody else: in a real browser, with every letter."""

from __future__ import annotations

import pytest

from rostrum.audit.models import Event
from rostrum.cases.appeal_models import Appeal
from rostrum.cases.decision_models import Decision, Strike
from rostrum.cases.models import Case
from rostrum.notices.models import Notice
from rostrum.notices.render import letter
from tests.browser.conftest import Opener
from tests.browser.looking import follow, look, more, said, send
from tests.cast import Cast, official
from tests.core.test_pictures import png

pytestmark = pytest.mark.browser


def letters(cast: Cast, kind: str) -> dict[str, str]:
    """Every letter of a kind, by who got it."""
    return {one.person.name: letter(one).text for one in Notice.objects.filter(kind=kind).select_related("person")}


def test_a_suspended_accounts_manager_appeals_and_wins_before_somebody_else(live_cast: Cast, open_as: Opener) -> None:
    cast, faults = live_cast, list[str]()

    def see(page: object, name: str) -> list[str]:
        return look(page, "cases", name)  # type: ignore[arg-type]

    account = official(cast)
    keeper = open_as(cast.communications)
    keeper.goto(f"/staff/accounts/{account.public_id}/")
    more(keeper, "Open a case")
    faults += see(keeper, "new")
    keeper.locator("[name=reason]").fill("A post mocks people.")
    keeper.locator("[name=words]").fill("The post of Tuesday, with three names.")
    keeper.locator("[name=file]").set_input_files({"name": "x.png", "mimeType": "image/png", "buffer": png(width=4)})
    keeper.locator("[name=review]").check()
    send(keeper, "Open the case")
    case = Case.objects.get()
    faults += see(keeper, "case")
    follow(keeper, "Write the decision")
    faults += see(keeper, "decide")
    send(keeper, "See the letter")
    assert "Choose what is decided." in said(keeper)
    faults += see(keeper, "decide-problem")
    for measure in ("warning", "suspend"):
        keeper.locator(f'[name=measures][value="{measure}"]').check()
    keeper.locator('[name=clauses][value="1.9"]').check()
    keeper.locator("[name=evidence]").first.check()
    keeper.locator("[name=facts]").fill("On Tuesday the account posted a text that mocks people by name.")
    keeper.locator("[name=to_do]").fill("Take the post down.")
    send(keeper, "See the letter")
    assert "The public reads at once that the account must not be relied on." in said(keeper)
    faults += see(keeper, "letter")
    send(keeper, "Decide and send the letter")
    decision = Decision.objects.get()
    account.refresh_from_db()
    assert account.state == "suspended"
    public = open_as()
    public.goto(f"/accounts/{account.public_id}")
    assert "Do not rely on it" in said(public)
    faults += see(public, "public-suspended")
    sent = letters(cast, "decision.made")
    assert set(sent) == {"Sofia Nguyen", "Owen Clarke", "Ana Petrova"}
    assert "Take the post down." in sent["Sofia Nguyen"]
    assert "Somebody who had no part in it decides: Dana Whitford." in sent["Sofia Nguyen"]

    manager = open_as(cast.teacher, phone=True)
    manager.goto(f"/staff/decisions/{decision.pk}/")
    faults += see(manager, "decision")
    follow(manager, "Appeal this decision")
    faults += see(manager, "lodge")
    send(manager, "Lodge the appeal")
    assert "Say why the decision should be different." in said(manager)
    manager.locator("[name=reasons]").fill("It was a quote from a play that the class read. The names are roles.")
    manager.locator("[name=attached]").set_input_files(
        {"name": "play.png", "mimeType": "image/png", "buffer": png(width=5)}
    )
    send(manager, "Lodge the appeal")
    appeal = Appeal.objects.get()
    assert "It is waiting for Dana Whitford, who had no part in it before." in said(manager)
    faults += see(manager, "lodged")

    keeper.goto(f"/staff/appeals/{appeal.pk}/")
    assert not keeper.get_by_role("link", name="Overturn the decision").count(), "whoever decided first does not decide"
    director = open_as(cast.director)
    director.goto("/staff/")
    faults += see(director, "today")
    follow(director, "Read and decide")
    faults += see(director, "sides")
    assert "The names are roles." in said(director)
    assert "mocks people by name" in said(director)
    follow(director, "Overturn the decision")
    faults += see(director, "overturn")
    director.locator("[name=reason]").fill("The names are roles of a play. Nothing of it mocks anybody.")
    send(director, "Overturn the decision")
    faults += see(director, "answered")

    account.refresh_from_db()
    decision.refresh_from_db()
    assert (account.state, decision.state) == ("recognised", "overturned")
    strike = Strike.objects.get()
    assert strike.wiped_by == cast.director
    answered = letters(cast, "appeal.answered")
    assert {"Sofia Nguyen", "Owen Clarke", "Ana Petrova", "Marc Laurent"} <= set(answered)
    for words in answered.values():
        assert "The account is official again from now on." in words
        assert "The names are roles of a play." in words
    acts = list(Event.objects.order_by("seq").values_list("act", flat=True))
    for act in ("case:open", "decision:issue", "account:suspend", "appeal:lodge", "appeal:overturn", "account:restore"):
        assert act in acts, "wiped from the standing, kept in the log"
    public.goto(f"/accounts/{account.public_id}")
    assert "Do not rely on it" not in said(public)
    manager.goto(f"/staff/accounts/{account.public_id}/")
    shown = said(manager)
    assert "A warning counts" not in shown
    assert f"{decision.ref}" in shown, "the decision can still be read, as overturned"
    faults += see(manager, "record")
    manager.goto(f"/staff/decisions/{decision.pk}/")
    assert "This decision was overturned on appeal." in said(manager)
    faults += see(manager, "overturned")
    assert case.ref
    assert faults == [], "\n".join(faults)
