"""Finds the registered account that a handle could be taken for, through the index of look-alike keys."""

from __future__ import annotations

from collections.abc import Iterable

from rostrum.core.text import fold
from rostrum.registry import lookalike
from rostrum.registry.models import Account, AccountKey
from rostrum.registry.states import LIVE, Standing

# Many honest handles can share a key (the class blogs of one school). Judged one by one this many cost 5 ms.
JUDGED = 500
_STRONGEST = ("same_letters", "swapped_characters", "one_letter_off", "added_word")


def nearest(
    handles: Iterable[str], platform: str, *, but_same_on: str | None = None
) -> tuple[Account, str] | None:
    """The live account that one of the handles is most easily taken for, and why in words; None when there is none.

    The plainest resemblance wins, then an account on the same platform, then the older one. Equal handles count as a
    resemblance, so ask only about an account that is known not to be registered, or pass over the very same handle
    on the platform `but_same_on`. Two queries at the most.
    """
    asked = {handle: keys for handle in handles if (keys := lookalike.search_keys(handle))}
    if not asked:
        return None
    rows = (
        AccountKey.objects.filter(key__in=frozenset().union(*asked.values()), account__state__in=LIVE)
        .order_by("account_id").distinct().values_list("account_id", "account__handle", "account__platform")[:JUDGED]
    )  # fmt: skip
    best: tuple[int, bool, int, str] | None = None
    for pk, official, where in rows:
        for handle in asked:
            if where == but_same_on and fold(official) == fold(handle):
                continue
            alike = lookalike.explain(handle, official)
            if alike:
                rank = (_STRONGEST.index(alike.kind), where != platform, pk, str(alike.message))
                best = min(best, rank) if best else rank
    if best is None:
        return None
    return Account.objects.select_related("unit", "unit__parent").get(pk=best[2]), best[3]


def same_handle(handle: str) -> list[Account]:
    """Every registered account with exactly this handle, in any letter case, live ones first; at most ten."""
    key, plain = lookalike.identity_key(handle), handle.casefold()
    if not key:
        return []
    rows = AccountKey.objects.filter(key=key).distinct().values_list("account_id", "account__handle")[: JUDGED * 4]
    ids = [pk for pk, official in rows if official.casefold() == plain]
    accounts = Account.objects.select_related("unit", "unit__parent").filter(pk__in=ids[:10])
    return sorted(accounts, key=lambda account: (account.state == Standing.RETIRED, account.pk))
