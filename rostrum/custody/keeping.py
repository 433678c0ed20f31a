"""Every write on who can get into a live account, who answers for it and who helps: add, change, end."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rostrum.audit.actions import hold_the_pen, record
from rostrum.core import clock
from rostrum.core.errors import Invalid, NotAllowed, WrongState
from rostrum.core.secretive import looks_secret
from rostrum.core.text import UnsafeText, clean
from rostrum.custody import notices as N
from rostrum.custody.labels import names_somebody
from rostrum.custody.managing import check_live, check_stays
from rostrum.custody.models import AccountTie, HelperGroup, TieKind
from rostrum.custody.queries import managers, platform_roles, relations
from rostrum.custody.resets import ROLE_CHANGE, ask_for_reset
from rostrum.people.models import Person, Unit
from rostrum.people.queries import may
from rostrum.policies.queries import cite
from rostrum.policies.rolewords import worded
from rostrum.registry.checks import mailbox_notes
from rostrum.registry.models import AccessHolder, Account
from rostrum.workflow.moves import clean_reason

CITES = ("1.7", "3.4")
MOST_IN_A_GROUP = 500
SECRET = gettext_lazy(
    "This looks like a password, so Rostrum did not keep it. Write where it is kept, never what it is."
)


def _check_may(by: Person, account: Account) -> None:
    if not may(by, "access:keep", account.unit, relations(by, account)):
        raise NotAllowed(worded(_("Only its managers, whoever leads its school and {keeper} can change this.")))
    check_live(account)


def _line(typed: str, field: str, limit: int, *, required: bool = True) -> str:
    try:
        text = clean(typed, max_length=limit)
    except UnsafeText:
        message = _("Write it in plain text of at most %(limit)d characters.") % {"limit": limit}
        raise Invalid(message, fields={field: [message]}) from None
    if looks_secret(text):
        raise Invalid(str(SECRET), fields={field: [str(SECRET)]})
    if required and not text:
        message = _("This cannot be empty.")
        raise Invalid(message, fields={field: [message]})
    return text


def _role(account: Account, role: str) -> str:
    known = platform_roles(account)
    if not known:
        return ""  # another division's form does not ask for it
    if role not in known:
        message = _("Choose what they may do on the platform.")
        raise Invalid(message, fields={"platform_role": [message]})
    return role


@transaction.atomic
def add_access(account: Account, *, by: Person, platform_role: str, person: Person | None = None,
               name: str = "") -> AccessHolder:  # fmt: skip
    """Note that somebody can get into an account on the platform: a person of ours, or a firm or tool by its name.

    Raises NotAllowed, WrongState (retired), Invalid by field: somebody who has left or leaves, noted already, a name
    that is empty or looks like a secret, an unknown role.
    """
    hold_the_pen()
    _check_may(by, account)
    role = _role(account, platform_role)
    here = AccessHolder.objects.filter(registration=account.registration_id, until=None)
    if person is not None:
        check_stays(person)
        called = person.name
        doubled = here.filter(person=person).exists()
    else:
        called = _line(name, "name", 120)
        doubled = here.filter(person=None, name__iexact=called).exists()
    if doubled:
        message = _("%(name)s is noted already. Change what they may do instead.") % {"name": called}
        raise Invalid(message, fields={"person" if person else "name": [message]})
    made = AccessHolder.objects.create(
        registration=account.registration, person=person, name=called, platform_role=role, since=clock.now()
    )
    _record(by, "accessholder:add", made, account, called, after={"role": role})
    return made


def _record(by: Person, act: str, thing: Any, account: Account, label: str, **said: Any) -> None:
    after = {"account": account.public_id, **said.pop("after", {})}
    record(by, act, thing, citations=cite(CITES), label=label, after=after, **said)


def account_of(holder: AccessHolder) -> Account:
    """The account of a holder of access; WrongState while its registration is on the way."""
    found = Account.objects.select_related("unit", "registration").filter(registration=holder.registration_id).first()
    if found is None:
        raise WrongState(_("This account is not official yet. Its Registration Form says who can get in."))
    return found


@transaction.atomic
def change_access(holder: AccessHolder, *, by: Person, platform_role: str) -> AccessHolder:
    """Note that a holder of access has another role on the platform. Raises NotAllowed, WrongState, Invalid."""
    hold_the_pen()
    account = account_of(holder)
    _check_may(by, account)
    role, before = _role(account, platform_role), holder.platform_role
    if not AccessHolder.objects.filter(pk=holder.pk, until=None).update(platform_role=role):
        raise WrongState(_("%(name)s can no longer get in. Note it anew if they can again.") % {"name": holder.name})
    holder.refresh_from_db()
    _record(by, "accessholder:change", holder, account, holder.name, before={"role": before}, after={"role": role})
    return holder


@transaction.atomic
def end_access(holder: AccessHolder, *, by: Person, reason: str = "") -> AccessHolder:
    """Note that somebody can no longer get in, after it was taken away on the platform; a reset is called for.

    Never the last living person who can: somebody has to be able to get in. Raises NotAllowed, WrongState.
    """
    hold_the_pen()
    account = account_of(holder)
    _check_may(by, account)
    note = clean_reason(reason, required=False)
    holder.refresh_from_db()
    if holder.until is not None:
        raise WrongState(_("%(name)s can no longer get in already.") % {"name": holder.name})
    others = AccessHolder.objects.filter(registration=account.registration_id, until=None, person__is_active=True)
    lives = holder.person is not None and holder.person.is_active
    if lives and not others.exclude(pk=holder.pk).exists():
        raise WrongState(
            _("%(name)s is the only person here who is noted as able to get in. Note somebody else first.")
            % {"name": holder.name}
        )
    if not AccessHolder.objects.filter(pk=holder.pk, until=None).update(until=clock.now()):
        raise WrongState(_("%(name)s can no longer get in already.") % {"name": holder.name})
    holder.refresh_from_db()
    _record(by, "accessholder:end", holder, account, holder.name, note=note)
    people = [*(one.person for one in managers(account)), *([holder.person] if holder.person else [])]
    N.tell(people, N.ENDED, account, N.said(account, by, note, whom=holder.name), but=[by.pk])
    ask_for_reset(account, ROLE_CHANGE, by=by, note=holder.name)
    return holder


@transaction.atomic
def tie(account: Account, person: Person, kind: str, *, by: Person, note: str = "") -> AccountTie:
    """Note who answers for an account, who its recovery contact is, or who owns a connected app.

    One supervising administrator at a time: a new one takes the place of the one before. `note` names the app or the
    kind of recovery, never an address or a secret. Raises NotAllowed, WrongState, Invalid by field.
    """
    hold_the_pen()
    _check_may(by, account)
    if kind not in TieKind.values:
        message = _("Choose what ties them to the account.")
        raise Invalid(message, fields={"kind": [message]})
    check_stays(person)
    said = _line(note, "note", 120, required=False)
    if "@" in said:
        message = _("Name the kind only, never the address: Rostrum keeps none.")
        raise Invalid(message, fields={"note": [message]})
    now = clock.now()
    before = ""
    if kind == TieKind.ANSWERS:
        old = AccountTie.objects.filter(account=account, kind=kind, until=None).exclude(person=person)
        before = ", ".join(old.values_list("person__name", flat=True))
        old.update(until=now)
    try:
        with transaction.atomic():
            made = AccountTie.objects.create(account=account, person=person, kind=kind, note=said, since=now, by=by)
    except IntegrityError:
        message = _("%(name)s is noted already.") % {"name": person.name}
        raise Invalid(message, fields={"person": [message]}) from None
    _record(
        by, "accounttie:add", made, account, person.name, before={"person": before}, after={"kind": kind}, note=said
    )
    return made


@transaction.atomic
def untie(found: AccountTie, *, by: Person) -> AccountTie:
    """Note that a tie is over. Raises NotAllowed, WrongState (over already)."""
    hold_the_pen()
    _check_may(by, found.account)
    if not AccountTie.objects.filter(pk=found.pk, until=None).update(until=clock.now()):
        raise WrongState(_("This is over already."))
    found.refresh_from_db()
    _record(by, "accounttie:end", found, found.account, found.person.name, before={"kind": found.kind})
    return found


def _group(account: Account, label: str, size: int | None, platform_role: str, adult: Person) -> dict[str, Any]:
    """A group's columns, checked: a label that names a group and nobody, a believable number, an adult who stays."""
    said = _line(label, "label", 60)
    units = Unit.objects.filter(path__startswith=f"/{account.unit.ancestor_ids[-1]}/").values_list("name", flat=True)
    if names_somebody(said, units):
        message = _("Write what the group is called, with a word such as team, council, club or class. Never a name.")
        raise Invalid(message, fields={"label": [message]})
    if size is not None and not 1 <= size <= MOST_IN_A_GROUP:
        message = _("Write a number from 1 to %(most)d, or leave it empty.") % {"most": MOST_IN_A_GROUP}
        raise Invalid(message, fields={"size": [message]})
    check_stays(adult, "adult")
    role = _role(account, platform_role) if platform_role else ""
    return {"label": said, "size": size, "platform_role": role, "adult": adult}


def _said(group: HelperGroup) -> dict[str, Any]:
    return {"size": group.size, "role": group.platform_role, "adult": group.adult.name}


@transaction.atomic
def add_helpers(account: Account, *, by: Person, label: str, adult: Person, size: int | None = None,
                platform_role: str = "") -> HelperGroup:  # fmt: skip
    """Note a group that helps with an account, and the adult who answers for it. Nobody in it is ever named.

    Raises NotAllowed, WrongState, Invalid by field.
    """
    hold_the_pen()
    _check_may(by, account)
    columns = _group(account, label, size, platform_role, adult)
    try:
        with transaction.atomic():
            made = HelperGroup.objects.create(account=account, since=clock.now(), **columns)
    except IntegrityError:
        message = _("A group of this label helps already.")
        raise Invalid(message, fields={"label": [message]}) from None
    _record(by, "helpergroup:add", made, account, made.label, after=_said(made))
    return made


@transaction.atomic
def change_helpers(group: HelperGroup, *, by: Person, label: str, adult: Person, size: int | None = None,
                   platform_role: str = "") -> HelperGroup:  # fmt: skip
    """Correct a group of helpers, or name another adult who answers. Refusals as `add_helpers`."""
    hold_the_pen()
    account = group.account
    _check_may(by, account)
    columns, before = _group(account, label, size, platform_role, adult), _said(group)
    try:
        with transaction.atomic():
            changed = HelperGroup.objects.filter(pk=group.pk, until=None).update(**columns)
    except IntegrityError:
        message = _("A group of this label helps already.")
        raise Invalid(message, fields={"label": [message]}) from None
    if not changed:
        raise WrongState(_("This group helps no longer."))
    group.refresh_from_db()
    _record(by, "helpergroup:change", group, account, group.label, before=before, after=_said(group))
    return group


@transaction.atomic
def end_helpers(group: HelperGroup, *, by: Person) -> HelperGroup:
    """Note that a group helps no longer. Raises NotAllowed, WrongState (over already)."""
    hold_the_pen()
    _check_may(by, group.account)
    if not HelperGroup.objects.filter(pk=group.pk, until=None).update(until=clock.now()):
        raise WrongState(_("This group helps no longer."))
    group.refresh_from_db()
    _record(by, "helpergroup:end", group, group.account, group.label)
    return group


@transaction.atomic
def change_mailbox(account: Account, mailbox: str, *, by: Person) -> Account:
    """Note the work e-mail that an account uses from now on (AP 193 1.6). Its address elsewhere stays as it is.

    Raises NotAllowed, WrongState, Invalid: no work address of the division, or the one that it has.
    """
    hold_the_pen()
    _check_may(by, account)
    typed = _line(mailbox, "mailbox", 254)
    wrong = [one.message for one in mailbox_notes(typed) if one.level == "problem"]
    if not wrong and typed.casefold() == account.mailbox.casefold():
        wrong = [_("This is the work e-mail that it has.")]
    if wrong:
        raise Invalid(wrong[0], fields={"mailbox": wrong})
    before = account.mailbox
    Account.objects.filter(pk=account.pk).update(mailbox=typed)
    account.refresh_from_db()
    record(by, "account:mailbox", account, citations=cite(["1.6"]), label=account.name, before={"mailbox": before},
           after={"mailbox": typed})  # fmt: skip
    return account
