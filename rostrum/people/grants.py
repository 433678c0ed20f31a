"""The page of grants: which capacity may do which act. Printed as it stands for a trustee who asks.

A capacity is a role held at the unit or above it, or a relation to the thing itself (its requester, the people
who must endorse or approve it today, a person named in it). Endorsing and approving are never a matter of rank:
only the people in turn may (AP 193 3.1), and `registry` works out who that is today.
"""

from __future__ import annotations

from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PERMISSIONS: MappingProxyType[str, Promise | str] = MappingProxyType(
    {
        "request:create": _("Ask for an account (Form 193-1)"),
        "request:view": _("Read a request and its history"),
        "request:edit": _("Change a draft"),
        "request:submit": _("Send a request"),
        "request:withdraw": _("Withdraw a request"),
        "request:endorse": _("Endorse a request"),
        "request:approve": _("Approve a request"),
        "request:return": _("Return a request for changes"),
        "request:decline": _("Decline a request"),
        "request:lapse": _("Let an approval lapse that nobody registered"),
        "registration:edit": _("Fill in the Registration Form"),
        "registration:send": _("Send the Registration Form"),
        "registration:confirm": _("Confirm a registration, which makes the account official"),
        "registration:return": _("Return a registration for changes"),
        "designation:answer": _("Accept or decline being named a content manager"),
        "account:view": _("Read an account's full record"),
        "account:review": _("Put an account under review"),
        "account:clear": _("End a review with nothing found"),
        "account:suspend": _("Suspend the official mark of an account"),
        "account:restore": _("Restore a suspended account"),
        "account:close": _("Retire an account"),
        "change:propose": _("Propose another name, address or unit for an account"),
        "change:agree": _("Agree to a change, for the school"),
        "change:approve": _("Approve a change, which puts it into the register"),
        "change:decline": _("Decline a change"),
        "change:withdraw": _("Withdraw a change"),
        "known:view": _("Read what is known of accounts that are not official"),
        "known:sight": _("Note an account that was found"),
        "known:import": _("Bring a list of today's accounts in"),
        "known:claim": _("Say that a known account is the school's"),
        "known:disown": _("Say that a known account is not the school's"),
        "known:unreachable": _("Say that nobody can reach a known account any more"),
        "known:place": _("Say that a known account speaks for another school"),
        "known:reopen": _("Ask a school again whose a known account is"),
        "known:closed": _("Note that the platform closed an account"),
        "known:settle": _("Settle a known account whose request ended or that is official"),
        "unit:manage": _("Keep the tree of units"),
        "person:manage": _("Keep the list of people"),
        "appointment:manage": _("Appoint people to roles"),
        "standin:manage": _("Name stand-ins for anyone"),
        "standin:own": _("Name a stand-in for yourself"),
        "procedure:set": _("Set the numbers the procedure leaves open"),
        "log:read": _("Read the log"),
        "mail:read": _("See what was sent to whom, and send it again"),
        "job:manage": _("See background work and run it again"),
        "hook:manage": _("Keep the webhooks, through which other systems hear of changes"),
    }
)

_READ = frozenset({"request:view", "account:view", "known:view"})

GRANTS: MappingProxyType[str, frozenset[str]] = MappingProxyType(
    {
        # relations
        "anyone": frozenset({"request:create", "known:sight"}),
        "requester": frozenset(
            {"request:view", "request:edit", "request:submit", "request:withdraw", "registration:edit",
             "registration:send", "account:view", "change:propose"}
        ),
        "endorser": frozenset(
            {"request:view", "request:endorse", "request:return", "request:decline", "known:view", "known:claim",
             "known:disown", "known:unreachable", "known:reopen", "change:agree", "change:decline"}
        ),
        "approver": frozenset(
            {"request:view", "request:approve", "request:return", "request:decline", "registration:confirm",
             "registration:return", "change:approve", "change:decline"}
        ),
        "left_with": frozenset({"request:withdraw"}),
        "named": _READ | {"designation:answer", "change:propose"},
        "proposer": frozenset({"change:withdraw"}),
        "clock": frozenset({"request:lapse", "known:settle"}),
        # roles
        "administrator": _READ | {"standin:own", "change:propose"},
        "supervisor": _READ | {"standin:own", "change:propose"},
        "communications": _READ
        | {"known:import", "known:place", "known:reopen", "known:closed", "change:propose"}
        | {"account:review", "account:clear", "account:suspend", "account:restore", "account:close", "unit:manage",
           "person:manage", "procedure:set", "log:read", "mail:read", "standin:own", "standin:manage"},
        "privacy": _READ | {"log:read", "standin:own"},
        "director": _READ | {"log:read", "standin:own"},
        "auditor": _READ | {"log:read"},
        "sysadmin": frozenset(
            {"unit:manage", "person:manage", "appointment:manage", "standin:manage", "procedure:set", "log:read",
             "mail:read", "job:manage", "hook:manage"}
        ),
    }
)

CAPACITY_WORDS: MappingProxyType[str, Promise | str] = MappingProxyType(
    {
        "anyone": _("Any employee or volunteer"),
        "requester": _("The person who asked"),
        "endorser": _("Whoever must endorse it today: the principal or supervisor, the stand-in, or the next above"),
        "approver": _("Whoever must approve it today: Communications, the stand-in, or the Director"),
        "left_with": _("Whoever must approve it today, where the person who asked has left"),
        "named": _("A person named in the form: content manager or holder of access"),
        "proposer": _("The person who proposed the change"),
        "clock": _("The clock, when the division set a period"),
        "administrator": _("Administrator (principal) of the unit or above it"),
        "supervisor": _("Supervisor of the unit or above it"),
        "communications": _("Communications"),
        "privacy": _("Privacy officer"),
        "director": _("Director of Education"),
        "auditor": _("Auditor"),
        "sysadmin": _("System administrator"),
    }
)

ROLES_NEEDING_SECOND_FACTOR = frozenset(
    {"administrator", "supervisor", "communications", "privacy", "director", "sysadmin"}
)
