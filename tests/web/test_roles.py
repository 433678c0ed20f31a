"""Who gets what at every address: the whole matrix, for reading and for sending.

Columns of the first table: nobody signed in, teacher (who asked), colleague (named manager), principal,
superintendent, Communications, privacy officer, Director, auditor, system administrator, and Charlie, the principal
of another school. A new address without a row fails.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import resolve

from rostrum.people.actions import note_departure
from tests.cast import Cast
from tests.web.everywhere import ROLES, World, build_world, routes

pytestmark = pytest.mark.django_db

# 200 the page; 302 nobody: to the sign-in page, somebody: onward; 403 not you; 404 nothing there for you;
# 405 only for sending; 409 not in this state.
DESK = """
                                                       no  tea col pri sup com pri dir aud sys cha
staff/                                                 302 200 200 200 200 200 200 200 200 200 200
staff/search                                           302 200 200 200 200 200 200 200 200 200 200
staff/workshop/                                        302 403 403 403 403 200 200 200 200 200 403
staff/notices/                                         302 200 200 200 200 200 200 200 200 200 200
staff/notices/read                                     405 405 405 405 405 405 405 405 405 405 405
staff/notices/{notice}                                 302 302 404 404 404 404 404 404 404 404 404
staff/preferences/                                     302 200 200 200 200 200 200 200 200 200 200
staff/preferences/tokens/                              302 200 200 200 200 200 200 200 200 200 200
staff/preferences/tokens/new                           302 200 200 200 200 200 200 200 200 200 200
staff/preferences/tokens/{token}/end/                  302 200 404 404 404 404 404 404 404 404 404
staff/requests/                                        302 200 200 200 200 200 200 200 200 200 200
staff/requests/new                                     302 200 200 200 200 200 200 200 200 200 200
staff/requests/{draft}/                                302 200 404 404 404 404 404 404 404 404 404
staff/requests/{asked}/                                302 200 404 200 200 200 200 200 200 404 404
staff/requests/{registering}/                          302 200 200 200 200 200 200 200 200 404 404
staff/requests/{draft}/form/                           302 302 404 404 404 404 404 404 404 404 404
staff/requests/{draft}/form/purpose                    302 200 404 404 404 404 404 404 404 404 404
staff/requests/{asked}/form/purpose                    302 409 404 403 403 403 403 403 403 404 404
staff/requests/{approved}/registration/                302 302 404 403 403 403 403 403 403 404 404
staff/requests/{approved}/registration/account         302 200 404 403 403 403 403 403 403 404 404
staff/requests/{registering}/registration/move/confirm 302 403 403 403 403 200 403 403 403 404 404
staff/requests/{registering}/registration/move/return  302 403 403 403 403 200 403 403 403 404 404
staff/requests/{registering}/designation/              302 409 200 403 403 403 403 403 403 404 404
staff/requests/{asked}/endorse/                        302 403 404 200 403 403 403 403 403 404 404
staff/requests/{asked}/approve/                        302 409 404 409 409 409 409 409 409 404 404
staff/requests/{asked}/return/                         302 403 404 200 403 403 403 403 403 404 404
staff/requests/{asked}/decline/                        302 403 404 200 403 403 403 403 403 404 404
staff/requests/{asked}/withdraw/                       302 200 404 403 403 403 403 403 403 404 404
staff/requests/{endorsed}/approve/                     302 403 404 403 403 200 403 403 403 404 404
staff/requests/{endorsed}/return/                      302 403 404 403 403 200 403 403 403 404 404
staff/requests/{endorsed}/decline/                     302 403 404 403 403 200 403 403 403 404 404
staff/accounts/                                        302 200 200 200 200 200 200 200 200 200 200
staff/accounts/{account}/                              302 200 200 200 200 200 200 200 200 404 404
staff/accounts/{account}/change/                       302 200 200 200 200 200 403 403 403 404 404
staff/changes/                                         302 200 200 200 200 200 200 200 200 200 200
staff/changes/{change}/                                302 200 200 200 200 200 200 200 200 404 404
staff/changes/{change}/agree/                          302 403 403 200 403 403 403 403 403 404 404
staff/changes/{change}/decline/                        302 403 403 200 403 403 403 403 403 404 404
staff/changes/{change}/withdraw/                       302 200 403 403 403 403 403 403 403 404 404
staff/changes/{change}/approve/                        302 409 409 409 409 409 409 409 409 404 404
staff/accounts/{account}/review/                       302 403 403 403 403 200 403 403 403 404 404
staff/accounts/{account}/suspend/                      302 403 403 403 403 200 403 403 403 404 404
staff/accounts/{account}/close/                        302 403 403 403 403 200 403 403 403 404 404
staff/accounts/{account}/restore/                      302 403 403 403 403 409 403 403 403 404 404
staff/lists/accounts/table.csv                         302 200 200 200 200 200 200 200 200 200 200
staff/lists/accounts/table.xlsx                        302 200 200 200 200 200 200 200 200 200 200
staff/lists/accounts/columns                           405 405 405 405 405 405 405 405 405 405 405
staff/lists/accounts/filters                           405 405 405 405 405 405 405 405 405 405 405
staff/lists/filters/{kept}/                            302 200 404 404 404 404 404 404 404 404 404
staff/lists/filters/{kept}/delete/                     302 200 404 404 404 404 404 404 404 404 404
staff/known/                                           302 200 200 200 200 200 200 200 200 200 200
staff/known/schools/                                   302 403 403 200 200 200 200 200 200 403 200
staff/known/found/                                     302 200 200 200 200 200 200 200 200 200 200
staff/known/approve/                                   302 403 403 403 403 200 403 403 403 403 403
staff/known/decide/{unit}/                             302 404 404 200 403 403 403 403 403 404 404
staff/known/import/                                    302 403 403 403 403 200 403 403 403 403 403
staff/known/import/{staged}/                           302 403 403 403 403 200 403 403 403 403 403
staff/known/import/{staged}/columns/                   405 405 405 405 405 405 405 405 405 405 405
staff/known/import/{staged}/rows/2/                    405 405 405 405 405 405 405 405 405 405 405
staff/known/{known}/                                   302 404 404 200 200 200 200 200 200 404 404
staff/known/{known}/screenshot                         302 404 404 200 200 200 200 200 200 404 404
staff/known/{known}/place/                             302 404 404 403 403 200 403 403 403 404 404
staff/known/{known}/reopen/                            302 404 404 409 409 409 409 409 409 404 404
staff/units/                                           302 200 200 200 200 200 200 200 200 200 200
staff/units/add/                                       302 403 403 403 403 200 403 403 403 200 403
staff/units/{unit}/                                    302 200 200 200 200 200 200 200 200 200 200
staff/units/{unit}/change/                             302 403 403 403 403 200 403 403 403 200 403
staff/units/{classroom}/close/                         302 403 403 403 403 200 403 403 403 200 403
staff/people/                                          302 200 200 200 200 200 200 200 200 200 200
staff/people/suggest                                   302 200 200 200 200 200 200 200 200 200 200
staff/people/away/                                     302 200 200 200 200 200 200 200 200 200 200
staff/people/add/                                      302 403 403 403 403 200 403 403 403 200 403
staff/people/{person}/                                 302 200 200 200 200 200 200 200 200 200 200
staff/people/{person}/change/                          302 403 403 403 403 200 403 403 403 200 403
staff/people/{person}/left/                            302 403 403 403 403 200 403 403 403 200 403
staff/people/{gone}/back/                              302 403 403 403 403 200 403 403 403 200 403
staff/people/{person}/appoint/                         302 403 403 403 403 403 403 403 403 200 403
staff/appointments/{appointment}/end/                  302 403 403 403 403 403 403 403 403 200 403
staff/stand-ins/new/                                   302 200 200 200 200 200 200 200 200 200 200
staff/stand-ins/{stand_in}/cancel/                     302 403 403 403 200 200 403 403 403 200 403
staff/imports/                                         302 403 403 403 403 200 403 403 403 200 403
staff/imports/template.csv                             302 403 403 403 403 200 403 403 403 200 403
staff/imports/{brought}/                               302 403 403 403 403 200 403 403 403 200 403
staff/imports/{brought}/faults.csv                     302 403 403 403 403 200 403 403 403 200 403
staff/webhooks/                                        302 403 403 403 403 403 403 403 403 200 403
staff/webhooks/add/                                    302 403 403 403 403 403 403 403 403 200 403
staff/webhooks/{hook}/                                 302 403 403 403 403 403 403 403 403 200 403
staff/webhooks/{hook}/change/                          302 403 403 403 403 403 403 403 403 200 403
staff/webhooks/{hook}/key/                             302 403 403 403 403 403 403 403 403 200 403
staff/webhooks/{hook}/off/                             302 403 403 403 403 403 403 403 403 200 403
staff/webhooks/{hook}/on/                              302 403 403 403 403 403 403 403 403 409 403
staff/webhooks/{hook}/test                             405 405 405 405 405 405 405 405 405 405 405
staff/webhooks/messages/{message}/                     302 403 403 403 403 403 403 403 403 200 403
staff/webhooks/messages/{message}/again                405 405 405 405 405 405 405 405 405 405 405
staff/who-may-do-what                                  302 200 200 200 200 200 200 200 200 200 200
staff/procedure/                                       302 200 200 200 200 200 200 200 200 200 200
staff/procedure/settings/{setting}/                    302 200 200 200 200 200 200 200 200 200 200
staff/procedure/settings/{setting}/clear/              302 403 403 403 403 409 403 403 403 409 403
staff/directory/                                       302 403 403 403 403 200 403 403 403 200 403
staff/directory/export.zip                             302 403 403 403 403 200 403 403 403 200 403
staff/log/                                             302 403 403 403 403 200 200 200 200 200 403
staff/log/export.csv                                   302 403 403 403 403 200 200 200 200 200 403
staff/mail/                                            302 403 403 403 403 200 403 403 403 200 403
staff/mail/{letter}/                                   302 403 403 403 403 200 403 403 403 200 403
staff/mail/notices/{notice}/again                      405 405 405 405 405 405 405 405 405 405 405
staff/jobs/                                            302 403 403 403 403 403 403 403 403 200 403
staff/jobs/{job}/again                                 405 405 405 405 405 405 405 405 405 405 405
"""

# Columns: nobody signed in, anybody signed in.
DOORS = """
(home)                                 200  200
accounts/{account}                     200  200
accounts/{account}/qr.svg              200  200
units/rendell                          200  200
units/rendell/qr.svg                   200  200
units/rendell/website                  200  200
units/rendell/poster.png               200  200
embed/rendell                          200  200
badge/{account}.svg                    200  200
directory.json                         200  200
directory.csv                          200  200
directory.atom                         200  200
directory.pub                          200  200
trust.txt                              200  200
.well-known/trust.txt                  200  200
sitemap.xml                            200  200
verify                                 200  200
procedure                              200  200
procedure/{edition}                    200  200
me/email/                              404  404
me/3rdparty/                           404  404
me/3rdparty/signup/                    404  404
me/login/                              200  302
me/logout/                             302  200
me/inactive/                           200  200
me/signup/                             200  302
me/reauthenticate/                     302  200
me/confirm-email/                      200  200
me/password/change/                    302  200
me/password/set/                       302  302
me/password/reset/                     200  200
me/login/code/confirm/                 302  302
me/confirm-email/abc/                  200  200
me/password/reset/key/done/            200  200
me/password/reset/key/1-abc/           200  200
me/password/reset/done/                200  200
me/2fa/                                302  200
me/2fa/authenticate/                   302  302
me/2fa/reauthenticate/                 302  302
me/2fa/totp/activate/                  302  302
me/2fa/totp/deactivate/                302  404
me/2fa/recovery-codes/                 302  404
me/2fa/recovery-codes/generate/        302  302
me/2fa/recovery-codes/download/        302  404
me/2fa/webauthn/                       302  200
me/2fa/webauthn/add/                   302  302
me/2fa/webauthn/reauthenticate/        302  302
me/2fa/webauthn/keys/1/remove/         302  302
me/2fa/webauthn/keys/1/edit/           302  302
me/2fa/webauthn/login/                 302  302
me/3rdparty/login/cancelled/           200  200
me/3rdparty/login/error/               401  401
me/social/login/cancelled/             301  301
me/social/login/error/                 301  301
me/social/signup/                      301  301
me/social/connections/                 301  301
me/oidc/google/login/                  404  404
me/oidc/google/login/callback/         404  404
api/docs                               200  200
api/problems/not-you                   200  200
api/v1/openapi.json                    200  200
api/v1/units                           200  200
api/v1/units/rendell                   200  200
api/v1/platforms                       200  200
api/v1/procedures                      200  200
api/v1/procedures/ap-193/editions/{edition}/clauses      200  200
api/v1/procedures/ap-193/editions/{edition}/clauses/3.1  200  200
api/v1/procedures/ap-193/editions/{edition}/forms/request  200  200
api/v1/accounts                        200  200
api/v1/accounts/{account}              200  200
api/v1/verify                          422  422
api/v1/me                              401  401
api/v1/requests                        401  401
api/v1/requests/{asked}                401  401
api/v1/requests/{asked}/moves/endorse  405  405
api/v1/requests/{approved}/registration              405  405
api/v1/requests/{registering}/registration/moves/confirm  405  405
api/v1/requests/{registering}/designation            405  405
api/v1/records                         401  401
api/v1/records/{account}               401  401
api/v1/imports/people                  401  401
api/v1/imports/people/{brought}        401  401
api/v1/imports/people/{brought}/faults 401  401
api/v1/imports/people/{brought}/changes 401  401
api/v1/imports/people/{brought}/apply  405  405
api/v1/imports/people/{brought}/drop   405  405
api/v1/imports/accounts                401  401
api/v1/imports/accounts/{staged}       401  401
api/v1/imports/accounts/{staged}/rows  401  401
api/v1/imports/accounts/{staged}/rows/2 405  405
api/v1/imports/accounts/{staged}/apply 405  405
api/v1/imports/accounts/{staged}/drop  405  405
scim/v2/Users                          401  401
scim/v2/Users/1                        401  401
scim/v2/ServiceProviderConfig          401  401
scim/v2/ResourceTypes                  401  401
scim/v2/ResourceTypes/User             401  401
scim/v2/Schemas                        401  401
scim/v2/Schemas/urn:x                  401  401
healthz                                200  200
readyz                                 503  503
csp-report                             405  405
language                               405  405
brand.css                              200  200
favicon.svg                            200  200
favicon.ico                            302  302
robots.txt                             200  200
"""


def table(text: str) -> dict[str, list[int]]:
    """The rows of a table: address template -> status per column."""
    found = {}
    for line in text.strip("\n").splitlines():
        name, *statuses = re.split(r"\s+", line.strip())
        if statuses and all(s.isdigit() for s in statuses):
            found["" if name == "(home)" else name] = [int(s) for s in statuses]
    return found


DESK_ROWS, DOOR_ROWS = table(DESK), table(DOORS)

# What a person might send to each address that changes something. The second table says who may not.
SENT: dict[str, dict[str, Any]] = {
    "staff/requests/{draft}/form/purpose": {"unit": "rendell", "purpose": "Changed."},
    "staff/requests/{draft}/form/check": {},
    "staff/requests/{approved}/registration/account": {"name": "Changed"},
    "staff/requests/{approved}/registration/check": {},
    "staff/requests/{registering}/registration/move/confirm": {"reason": "Good."},
    "staff/requests/{registering}/registration/move/return": {"reason": "Change it."},
    "staff/requests/{registering}/designation/": {"answer": "accept"},
    "staff/requests/{asked}/endorse/": {"reason": "Good."},
    "staff/requests/{asked}/approve/": {"reason": "Good."},
    "staff/requests/{asked}/return/": {"reason": "Change it."},
    "staff/requests/{asked}/decline/": {"reason": "No."},
    "staff/requests/{asked}/withdraw/": {"reason": "No."},
    "staff/requests/{endorsed}/approve/": {"reason": "Good."},
    "staff/requests/{endorsed}/return/": {"reason": "Change it."},
    "staff/requests/{endorsed}/decline/": {"reason": "No."},
    "staff/accounts/{account}/review/": {"reason": "Look."},
    "staff/accounts/{account}/suspend/": {"reason": "Stop."},
    "staff/accounts/{account}/close/": {"reason": "Over."},
    "staff/accounts/{account}/restore/": {"reason": "Back."},
    "staff/accounts/{account}/change/": {
        "name": "Other", "address": "https://x.com/other", "unit": "rendell", "reason": "New."
    },
    "staff/changes/{change}/agree/": {"reason": ""},
    "staff/changes/{change}/decline/": {"reason": "No."},
    "staff/changes/{change}/withdraw/": {"reason": ""},
    "staff/changes/{change}/approve/": {"reason": ""},
    "staff/lists/accounts/columns": {"column": "kind"},
    "staff/lists/accounts/filters": {"name": "Rendell", "query": "q=rendell"},
    "staff/lists/filters/{kept}/": {"name": "Other"},
    "staff/lists/filters/{kept}/delete/": {},
    "staff/known/found/": {"address": "https://x.com/rendellowls", "note": "Our crest."},
    "staff/known/approve/": {"tick": "2026-0001"},
    "staff/known/decide/{unit}/": {"no_others": "yes"},
    "staff/known/import/": {},
    "staff/known/import/{staged}/": {"act": "take"},
    "staff/known/import/{staged}/columns/": {"column-unit": "0", "column-address": "1"},
    "staff/known/import/{staged}/rows/2/": {"act": "skip"},
    "staff/known/{known}/place/": {"unit": "winston"},
    "staff/known/{known}/reopen/": {"reason": "Look again."},
    "staff/units/add/": {"kind": "club", "name": "Chess club", "code": "chess", "parent": "1"},
    "staff/units/{unit}/change/": {"name": "Another name"},
    "staff/units/{classroom}/close/": {"on": "2026-11-01", "reason": "Over."},
    "staff/people/add/": {"email": "x.y@lpsd.ca", "name": "X Y", "kind": "employee", "language": "en-ca"},
    "staff/people/{person}/change/": {"name": "Another Name", "kind": "employee"},
    "staff/people/{person}/left/": {"on": "2026-11-01", "reason": "Moved."},
    "staff/people/{gone}/back/": {},
    "staff/people/{person}/appoint/": {"role": "sysadmin", "unit": "1"},
    "staff/appointments/{appointment}/end/": {"on": "2026-11-01", "reason": "Over."},
    "staff/stand-ins/{stand_in}/cancel/": {},
    "staff/imports/": {},
    "staff/webhooks/add/": {"name": "Site", "url": "https://hooks.example.ca/in", "events": "account.official"},
    "staff/webhooks/{hook}/change/": {"name": "Other", "url": "https://hooks.example.ca/in"},
    "staff/webhooks/{hook}/key/": {},
    "staff/webhooks/{hook}/off/": {},
    "staff/webhooks/{hook}/on/": {},
    "staff/webhooks/{hook}/test": {},
    "staff/webhooks/messages/{message}/again": {},
    "staff/imports/{brought}/": {"act": "drop"},
    "staff/procedure/settings/{setting}/": {"value": "5", "reason": "Board decision."},
    "staff/procedure/settings/{setting}/clear/": {"reason": "Board decision."},
    "staff/mail/notices/{notice}/again": {},
    "staff/preferences/tokens/{token}/end/": {},
    "staff/jobs/{job}/again": {},
}

# Addresses whose reading page is open to more people than may send, or that have no reading page.
MAY_NOT_SEND = """
staff/requests/{draft}/form/check                      302 ... 404 404 404 404 404 404 404 404 404
staff/requests/{approved}/registration/check           302 ... 404 403 403 403 403 403 403 404 404
staff/requests/{asked}/approve/                        302 403 404 403 403 409 403 403 403 404 404
staff/changes/{change}/approve/                        302 403 403 403 403 403 403 403 403 404 404
staff/lists/accounts/columns                           302 ... ... ... ... ... ... ... ... ... ...
staff/lists/accounts/filters                           302 ... ... ... ... ... ... ... ... ... ...
staff/known/import/{staged}/columns/                   302 403 403 403 403 ... 403 403 403 403 403
staff/known/import/{staged}/rows/2/                    302 403 403 403 403 ... 403 403 403 403 403
staff/known/{known}/reopen/                            302 404 404 409 403 409 403 403 403 404 404
staff/procedure/settings/{setting}/                    302 403 403 403 403 ... 403 403 403 ... 403
staff/mail/notices/{notice}/again                      302 403 403 403 403 ... 403 403 403 ... 403
staff/jobs/{job}/again                                 302 403 403 403 403 403 403 403 403 ... 403
staff/webhooks/{hook}/test                             302 403 403 403 403 403 403 403 403 ... 403
staff/webhooks/messages/{message}/again                302 403 403 403 403 403 403 403 403 ... 403
"""


def refused(template: str, role: str) -> int | None:
    """What somebody gets who may not send to an address; None when they may."""
    column = ROLES.index(role)
    for line in MAY_NOT_SEND.strip().splitlines():
        name, *cells = line.split()
        if name == template:
            return int(cells[column]) if cells[column].isdigit() else None
    status = DESK_ROWS[template][column]
    return status if status in {403, 404, 409} or role == "nobody" else None


def everything() -> dict[str, list[Any]]:
    """Every row of every table of Rostrum, the log included."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in apps.get_app_config("rostrum").get_models()
    }


@pytest.fixture
def world(cast: Cast) -> World:
    return build_world(cast)


def test_every_address_has_its_row(world: World) -> None:
    covered = {resolve(world.path(row)).route for row in (*DESK_ROWS, *DOOR_ROWS)}
    missing = {route.replace("^", "").replace("$", "") for route in routes()} - {
        route.replace("^", "").replace("$", "") for route in covered
    }
    assert missing == set()


def test_every_address_that_takes_something_is_in_the_table_of_sending(world: World) -> None:
    sending = {resolve(world.path(row)).route for row in SENT}
    # Reading pages answer 405 to anything sent; what takes something must be named, or be the sender's own.
    own = {"staff/notices/read", "staff/preferences/", "staff/preferences/tokens/new", "staff/requests/new",
           "staff/stand-ins/new/"}  # fmt: skip
    client = world.client("teacher", strict=True)
    for row in DESK_ROWS:
        route = resolve(world.path(row)).route
        if route not in sending | own:
            answer = client.post(world.path(row))
            # 405 or a redirect: nothing is read from what was sent. The token is missing on purpose.
            assert answer.status_code in {405, 403}, row
            if answer.status_code == 403:
                tokened = world.client("teacher").post(world.path(row))
                assert tokened.status_code == 405, row


@pytest.mark.parametrize("role", ROLES)
def test_who_reads_what(world: World, role: str) -> None:
    client, column = world.client(role), ROLES.index(role)
    client.raise_request_exception = False
    wrong = []
    for row, expected in DESK_ROWS.items():
        answer = client.get(world.path(row))
        if answer.status_code != expected[column]:
            wrong.append(f"{row}: {answer.status_code}, not {expected[column]}")
        if role == "nobody":
            if answer.status_code == 302 and not answer["Location"].startswith(settings.LOGIN_URL):
                wrong.append(f"{row}: sent to {answer['Location']}")
            if answer.status_code == 200:
                wrong.append(f"{row}: open to everybody")
    for row, expected in DOOR_ROWS.items():
        answer = client.get(world.path(row))
        if answer.status_code != expected[role != "nobody"]:
            wrong.append(f"{row}: {answer.status_code}, not {expected[role != 'nobody']}")
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_who_may_not_send_changes_nothing(world: World, role: str) -> None:
    client = world.client(role)
    before = everything()
    wrong, tried = [], 0
    for row, data in SENT.items():
        expected = refused(row, role)
        if expected is None:
            continue
        tried += 1
        answer = client.post(world.path(row), data)
        if answer.status_code != expected:
            wrong.append(f"{row}: {answer.status_code}, not {expected}")
        elif expected == 302 and not answer["Location"].startswith(settings.LOGIN_URL):
            wrong.append(f"{row}: sent to {answer['Location']}")
    assert wrong == []
    assert tried >= 8
    assert everything() == before


def test_charlie_reads_nothing_of_another_school(world: World) -> None:
    """Not in lists, not in searches, not by guessing numbers: other schools' requests are not there at all."""
    client = world.client("charlie")
    for path in (
        "staff/",
        "staff/requests/?view=all",
        "staff/search?q=rendell",
        "staff/accounts/?tab=all",
        "staff/notices/",
    ):
        page = client.get(f"/{path}").content.decode()
        for thing in (world.draft, world.asked, world.endorsed, world.approved):
            assert thing.ref not in page, path
            assert thing.name not in page, path
    numbers = [f"2026-{n:04d}" for n in range(1, 8)]
    assert {client.get(f"/staff/requests/{ref}/").status_code for ref in numbers} == {404}


def test_a_retired_capacity_is_gone_at_once(world: World) -> None:
    """Communications noted a departure: the person's very next request is nobody's."""
    client = world.client("privacy")
    assert client.get("/staff/log/").status_code == 200
    note_departure(world.cast.privacy, by=world.cast.communications)
    assert client.get("/staff/log/").status_code == 302
