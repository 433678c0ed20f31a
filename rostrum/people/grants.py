"""The page of grants: which capacity may do which act. Printed as it stands for a trustee who asks.

A capacity is a role held at the unit or above it, or a relation to the thing itself (its requester, the people
who must endorse or approve it today, a person named in it). Endorsing and approving are never a matter of rank:
only the people in turn may (AP 193 3.1), and `registry` works out who that is today.
"""

from __future__ import annotations

from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rostrum.policies.rolewords import worded_lazy

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
        "account:reinstate": _("Take the retirement of an account back, after an appeal"),
        "change:propose": _("Propose another name, address or unit for an account, its merge or its split"),
        "change:give": _("Agree that an account goes to another school, for the school that gives it"),
        "change:agree": _("Agree to a change, for the school"),
        "change:approve": _("Approve a change, which puts it into the register"),
        "change:decline": _("Decline a change"),
        "change:withdraw": _("Withdraw a change"),
        "cases:view": _("Read the cases on accounts"),
        "cases:open": _("Open a case on an account"),
        "cases:evidence": _("Add to what a case rests on"),
        "cases:assign": _("Give a case to somebody"),
        "cases:look": _("Say that you look into a case"),
        "cases:escalate": worded_lazy(_("Pass a case to {director}")),
        "cases:hand_back": worded_lazy(_("Give a case back to {keeper}")),
        "cases:close": _("Close a case without a decision"),
        "cases:decide": _("Decide a case"),
        "cases:supersede": _("Replace a decision by a new one"),
        "decisions:view": _("Read a decision"),
        "decisions:report": _("Say that what a decision orders is done"),
        "appeals:lodge": _("Appeal a decision"),
        "appeals:withdraw": _("Withdraw an appeal"),
        "appeals:name": _("Name the person who decides an appeal"),
        "appeals:uphold": _("Let a decision stand, on appeal"),
        "appeals:vary": _("Change a decision, on appeal"),
        "appeals:overturn": _("Overturn a decision, on appeal"),
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
        "close:start": _("Start to close an account"),
        "close:answer": _("Fill in the checklist of an account that is closed"),
        "close:hand_in": worded_lazy(_("Ask {keeper} to retire an account")),
        "close:retire": _("Retire an account whose checklist is complete, or say what is missing"),
        "close:abandon": _("Decide not to close an account after all"),
        "parking:renew": _("Look after the name of a retired account"),
        "parking:give_up": _("Give the name of a retired account up"),
        "parking:take_up": _("Note that the name of a retired account is in use again"),
        "order:give": _("Order a change of an account"),
        "order:answer": worded_lazy(_("Answer an order of {keeper}")),
        "order:confirm": _("Confirm that an order was carried out, or say what is missing"),
        "order:withdraw": _("Take an order back"),
        "order:lapse": _("End an order whose account is retired"),
        "post:capture": _("Keep a post of an official account as it stands"),
        "finding:view": _("Read what rules found on posts and accounts"),
        "finding:assign": _("Take a finding on, or give it to somebody"),
        "finding:confirm": _("Confirm a finding and ask the managers to act"),
        "finding:dismiss": _("Dismiss a finding"),
        "finding:reopen": _("Open a dismissed finding again"),
        "finding:answer": _("Answer what is asked about a confirmed finding"),
        "finding:accept": _("Settle a finding that was answered"),
        "finding:return": _("Ask for more about a finding that was answered"),
        "finding:escalate": worded_lazy(_("Hand a finding to {keeper}")),
        "finding:settle": _("Close a finding without the manager"),
        "finding:vanish": _("Settle a finding whose evidence is gone"),
        "rule:tune": _("Silence a rule, or say how serious it is here"),
        "rule:own": _("Write rules of the division’s own"),
        "manager:name": _("Name another content manager, or hand an account over"),
        "manager:release": _("Release a content manager"),
        "handover:accept": _("Take an account over"),
        "handover:decline": _("Decline to take an account over"),
        "handover:withdraw": _("Withdraw a hand-over"),
        "handover:campaign": _("Start and end a hand-over campaign"),
        "handover:answer": _("Say of an account who stays and who goes"),
        "access:keep": _("Keep who can get into an account, who answers for it and who helps"),
        "acknowledgement:view": _("See who has read the procedure"),
        "departure:plan": _("Note somebody's last day beforehand, or take it back"),
        "departure:view": _("Read what somebody who leaves hands over"),
        "departure:leave": _("Note that somebody's last day is over"),
        "departure:confirm": _("Confirm that an account of somebody who left is handed over, reset and cleared"),
        "departure:drop": _("Drop what need not be confirmed any more"),
        "hold:place": _("Place a crisis hold on accounts, and say what the public reads"),
        "hold:extend": _("Give a crisis hold another end"),
        "hold:lift": _("Lift a crisis hold"),
        "hold:stop": _("Say that one has stopped posting"),
        "keys:alarm": _("Say that somebody else may have got into an account"),
        "keys:ask": _("Ask for a reset of an account's access"),
        "keys:call_off": _("Call off what asks for a reset"),
        "keys:lapse": _("Let lapse what asks for a reset of a retired account"),
        "keys:make": _("State that the access of an account was reset"),
        "keys:confirm": _("Confirm a reset as the second person"),
        "keys:return": _("Return a statement about a reset"),
        "keys:restate": _("Make a returned statement about a reset again"),
        "keys:withdraw": _("Withdraw a statement about a reset"),
        "keys:campaign": _("Start, remind and end a campaign of resets"),
        "review:view": _("See which reviews of accounts are planned, under way and done"),
        "review:read_done": _("Read what a review of an account found"),
        "review:plan": _("Ask for reviews, draw samples, call reviews off"),
        "review:assign": _("Name who reviews an account"),
        "review:make": _("Review an account"),
        "review:compare": _("Read how far two reviewers of an account agree"),
        "reviewfinding:answer": _("Say that what a review found is put right, or contest it"),
        "reviewfinding:judge": _("Confirm that what a review found is put right, or say what is missing"),
        "unit:manage": _("Keep the tree of units"),
        "person:manage": _("Keep the list of people"),
        "appointment:manage": _("Appoint people to roles"),
        "standin:manage": _("Name stand-ins for anyone"),
        "standin:own": _("Name a stand-in for yourself"),
        "certification:ask": _("Ask the managers of an account to certify it now"),
        "certification:answer": _("Certify an account: still ours, still right"),
        "certification:settle": _("Certify what was put right"),
        "certification:miss": _("Note that nobody certified an account before the next time"),
        "certification:drop": _("End what was asked about an account that was retired"),
        "correction:settle": _("Put right what a manager said is not right, or leave it"),
        "correction:follow": _("Settle a correction by what became of its change"),
        "proposal:decide": _("Decide on a suspension that the division’s rule proposes"),
        "proposal:moot": _("Note that a proposed suspension is no longer needed"),
        "liveness:note": _("Note an account’s last post, and what a look at it found"),
        "liveness:plan": _("Change how often an account is to post"),
        "liveness:nudge": _("Nudge the managers of a quiet account"),
        "liveness:import": _("Bring a list of last posts in"),
        "pause:set": _("Pause an account until a day"),
        "pause:resume": _("End a pause before its day"),
        "pause:pass": _("Note that a pause is over"),
        "calendar:manage": _("Keep the school calendar: years, terms, days without school"),
        "procedure:set": _("Set the numbers the procedure leaves open"),
        "log:read": _("Read the log"),
        "mail:read": _("See what was sent to whom, and send it again"),
        "job:manage": _("See background work and run it again"),
        "hook:manage": _("Keep the webhooks, through which other systems hear of changes"),
    }
)

_READ = frozenset({"request:view", "account:view", "known:view"})
_STANDING = frozenset(
    {"account:review", "account:clear", "account:suspend", "account:restore", "account:close", "account:reinstate"}
)
_FILES = frozenset({"cases:view", "decisions:view"})
_HOLD = frozenset({"manager:name", "access:keep", "handover:withdraw", "handover:answer"})
_LOOK = frozenset({"departure:view", "acknowledgement:view"})
_LEAD = _HOLD | {"manager:release", "departure:plan", "handover:campaign"} | _LOOK
_KEYS = frozenset({"keys:alarm", "keys:ask", "keys:call_off", "keys:campaign"})
_REVIEWS: dict[str, frozenset[str]] = {
    "looks_after": frozenset({"review:read_done", "reviewfinding:answer"}),
    "reviewer": frozenset({"review:make"}),
    "finding_judge": frozenset({"reviewfinding:judge"}),
    "administrator": frozenset({"review:read_done", "reviewfinding:answer"}),
    "supervisor": frozenset({"review:read_done", "reviewfinding:answer"}),
    "communications": frozenset({"review:view", "review:plan", "review:assign"}),
    "privacy": frozenset({"review:view"}),
    "director": frozenset({"review:view", "review:assign", "review:compare"}),
    "auditor": frozenset({"review:view", "review:compare"}),
}

_BASE: dict[str, frozenset[str]] = {
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
        "giver": frozenset({"change:give", "change:decline"}),
        "left_with": frozenset({"request:withdraw"}),
        "named": _READ | {"designation:answer", "change:propose", "keys:alarm", "manager:release"},
        "manager": _HOLD | {"departure:confirm", "departure:view"},
        "successor": frozenset({"handover:accept", "handover:decline"}),
        "proposer": frozenset({"change:withdraw"}),
        # Whoever looks after an account holds none of these, whatever their role (cases/parties.py).
        "case_opener": frozenset({"cases:view", "cases:evidence", "decisions:view"}),
        "case_decider": _STANDING
        | {"cases:view", "cases:evidence", "cases:assign", "cases:look", "cases:escalate", "cases:hand_back", "cases:close",
           "cases:decide", "cases:supersede", "decisions:view", "decisions:report"},
        "appellant": frozenset({"decisions:view", "decisions:report", "appeals:lodge"}),
        "lodger": frozenset({"decisions:view", "appeals:withdraw"}),
        "stay": frozenset({"account:suspend", "account:restore", "account:close", "account:reinstate"}),
        "appeal_decider": _STANDING
        | {"cases:view", "decisions:view", "account:view", "appeals:uphold", "appeals:vary", "appeals:overturn"},
        "looks_after": frozenset({"keys:make", "keys:alarm"}),
        "reset_maker": frozenset({"keys:withdraw", "keys:restate"}),
        "reset_left": frozenset({"keys:withdraw"}),
        "reset_witness": frozenset({"keys:confirm", "keys:return"}),
        "call_asker": frozenset({"keys:call_off"}),
        "asked": frozenset({"hold:stop"}),
        "answerer": frozenset({"account:view", "order:answer"}),
        "clock": frozenset({"request:lapse", "known:settle", "order:lapse", "departure:leave", "departure:drop",
                            "keys:lapse"}),
        # roles
        "administrator": _READ | _FILES | {"cases:open"} | {"standin:own", "change:propose"} | _KEYS | {"keys:make"} | _LEAD,
        "supervisor": _READ | _FILES | {"cases:open"} | {"standin:own", "change:propose"} | _KEYS | {"keys:make"} | _LEAD,
        "communications": _READ
        | _FILES
        | {"cases:open", "cases:evidence", "cases:assign", "decisions:report"}
        | {"hold:place", "hold:extend", "hold:lift", "order:give", "order:confirm", "order:withdraw"}
        | _KEYS
        | _LEAD
        | {"known:import", "known:place", "known:reopen", "known:closed", "change:propose"}
        | {"account:review", "account:clear", "account:suspend", "account:restore", "account:close", "unit:manage",
           "person:manage", "procedure:set", "log:read", "mail:read", "standin:own", "standin:manage", "calendar:manage"},
        "privacy": _READ | _FILES | {"log:read", "standin:own"} | _LOOK,
        "director": _READ
        | _FILES
        | {"cases:open", "appeals:name"}
        | {"log:read", "standin:own"} | _LOOK | {"hold:place", "hold:extend", "hold:lift"},
        "auditor": _READ | _FILES | {"log:read"} | _LOOK,
        "sysadmin": frozenset(
            {"unit:manage", "person:manage", "appointment:manage", "standin:manage", "procedure:set", "log:read",
             "mail:read", "job:manage", "hook:manage", "calendar:manage"}
            | {"departure:plan", "departure:view"}
        ),
}

# What an area adds, capacity by capacity, so that it reads in one piece and two areas never edit the same line.
_JUDGE = frozenset(
    {"finding:view", "finding:assign", "finding:confirm", "finding:dismiss", "finding:reopen", "finding:accept",
     "finding:return", "finding:escalate", "post:capture"}
)
_FINDINGS: dict[str, frozenset[str]] = {
    "named": frozenset({"post:capture", "finding:answer"}),
    "clock": frozenset({"finding:vanish"}),
    "administrator": _JUDGE,
    "supervisor": _JUDGE,
    "communications": (_JUDGE - {"finding:escalate"}) | {"finding:settle", "rule:tune", "rule:own"},
    "privacy": frozenset({"finding:view"}),
    "director": frozenset({"finding:view"}),
    "auditor": frozenset({"finding:view"}),
}
_CLOSE = frozenset({"close:start", "close:answer", "close:hand_in", "close:abandon", "parking:renew"})
_CLOSING: dict[str, frozenset[str]] = {
    "requester": _CLOSE,
    "named": _CLOSE,
    "clock": frozenset({"parking:take_up"}),
    "administrator": _CLOSE,
    "supervisor": _CLOSE,
    "communications": _CLOSE | {"close:retire", "parking:give_up"},
}
_TEND = frozenset({"liveness:note", "liveness:plan", "pause:set", "pause:resume"})
_UPKEEP: dict[str, frozenset[str]] = {
    "manager": _TEND | {"certification:answer"},
    "leads_alone": frozenset({"certification:answer"}),
    "clock": frozenset({"certification:miss", "certification:drop", "correction:follow", "proposal:moot", "pause:pass"}),
    "administrator": _TEND | {"liveness:nudge"},
    "supervisor": _TEND | {"liveness:nudge"},
    "communications": _TEND
    | {"certification:ask", "certification:settle", "correction:settle", "proposal:decide", "liveness:nudge",
       "liveness:import"},
}
_AREAS: tuple[dict[str, frozenset[str]], ...] = (
    _FINDINGS,
    _UPKEEP,
    _CLOSING,
    _REVIEWS,
)  # fmt: skip

GRANTS: MappingProxyType[str, frozenset[str]] = MappingProxyType(
    {
        capacity: frozenset().union(*(area.get(capacity, frozenset()) for area in (_BASE, *_AREAS)))
        for capacity in dict.fromkeys(name for area in (_BASE, *_AREAS) for name in area)
    }
)

CAPACITY_WORDS: MappingProxyType[str, Promise | str] = MappingProxyType(
    {
        "anyone": _("Any employee or volunteer"),
        "requester": _("The person who asked"),
        "endorser": _(
            "Whoever must endorse it today: whoever leads the school or the place "
            "above, the stand-in, or the next above"
        ),
        "approver": worded_lazy(_("Whoever must approve it today: {keeper}, the stand-in, or {director}")),
        "giver": _("Whoever leads the school that gives an account to another one, or the next above"),
        "left_with": _("Whoever must approve it today, where the person who asked has left"),
        "named": _("A person named in the form: content manager or holder of access"),
        "manager": _("A content manager who accepted and is still here"),
        "successor": _("The person who is asked to take an account over"),
        "proposer": _("The person who proposed the change"),
        "case_opener": _("The person who opened the case, unless they look after the account"),
        "case_decider": worded_lazy(_("Whoever may decide the case today: {keeper} or {director}, never who looks after it")),
        "appellant": _("Who was sent the decision, looks after the account or leads its school"),
        "lodger": _("The person who lodged the appeal"),
        "stay": _("Lodging or ending an appeal, where the division lets an appeal suspend the effect"),
        "looks_after": _("A content manager of the account who has accepted"),
        "reviewer": _("The person who was asked to review the account"),
        "finding_judge": worded_lazy(_("The reviewer of the account, {keeper} or {director}, where nothing ties them to it")),
        "leads_alone": _("Whoever leads the school of an account that nobody looks after"),
        "reset_maker": _("The person who made the statement about a reset"),
        "reset_left": _("Whoever looks after the account or leads its school, where the maker of a statement has left"),
        "reset_witness": worded_lazy(_("Whoever must confirm a reset: another content manager, or else {principal}")),
        "call_asker": _("The person who asked for a reset"),
        "appeal_decider": worded_lazy(_("Whoever decides on an appeal: {director} or a person named, who did not act before")),
        "answerer": worded_lazy(_("Whoever must answer an order: the content managers, or else {principal}")),
        "asked": _("Whoever a crisis hold asked to stop posting"),
        "clock": _("The clock, when the division set a period"),
        "administrator": _("Administrator of the unit or above it"),
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
