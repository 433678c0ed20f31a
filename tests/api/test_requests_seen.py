"""Which requests and records a program reads: the same as the pages show to the person behind its token."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rostrum.registry.models import Account, AccountRequest
from rostrum.registry.queries import visible_to
from tests.api.conftest import Program
from tests.cast import Cast
from tests.web.everywhere import ROLES, World

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]


@pytest.fixture
def cast(whole_world: World) -> Cast:
    return whole_world.cast


@pytest.mark.pages_again
@pytest.mark.parametrize("who", ROLES[1:])
def test_who_sees_what_is_the_rule_of_the_pages(whole_world: World, program: Programs, who: str) -> None:
    api, web = program(who), whole_world.client(who)
    listed = {one["ref"]: one for one in api.get("/requests?limit=100").json()["items"]}
    person = getattr(whole_world.cast, who)
    assert set(listed) == set(visible_to(person).values_list("ref", flat=True))
    pages = [web.get(f"/staff/requests/?view=all&page={n}").content.decode() for n in range(1, 7)]
    page = "".join(pages)  # beyond the last page there is the last one again
    for request in AccountRequest.objects.all():
        ref = str(request.ref)
        shown = web.get(f"/staff/requests/{ref}/").status_code
        answer = api.get(f"/requests/{ref}")
        assert answer.status_code == shown, ref
        assert (ref in listed) == (shown == 200)
        if shown != 200:
            continue
        assert (f"/staff/requests/{ref}/" in page) == (ref in listed)
        for move in answer.json()["allowed_moves"]:
            offered = {"submit": "form/check", "withdraw": "withdraw/"}.get(move["name"], f"{move['name']}/")
            assert web.get(f"/staff/requests/{ref}/{offered}").status_code == 200, (ref, move)
    for account in Account.objects.all():
        shown = web.get(f"/staff/accounts/{account.public_id}/").status_code
        assert api.get(f"/records/{account.public_id}").status_code == shown


def test_the_list_is_filtered_as_on_the_page(whole_world: World, program: Programs) -> None:
    teacher, principal = program("teacher"), program("principal")

    def refs(caller: Program, question: str) -> set[str]:
        return {one["ref"] for one in caller.get(f"/requests?limit=100&{question}").json()["items"]}

    assert refs(principal, "view=waiting") == {whole_world.asked.ref}
    assert refs(principal, "view=mine") == set()
    assert whole_world.draft.ref in refs(teacher, "view=mine")
    assert refs(teacher, "state=draft") == {whole_world.draft.ref}
    assert refs(teacher, "unit=winston") == refs(teacher, "platform=x") == refs(teacher, "unit=nowhere") == set()
    assert refs(teacher, "unit=rendell&platform=blog") == refs(teacher, "")
    assert refs(teacher, f"q={whole_world.asked.ref}") == {whole_world.asked.ref}
    assert refs(teacher, "q=Nguyen%20rendell") == refs(teacher, "")
    newest = [one["ref"] for one in teacher.get("/requests").json()["items"]]
    assert newest == sorted(newest, reverse=True)
