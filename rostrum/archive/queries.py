"""What others may ask of the archive: the posts that a person may read, and the newest text of each."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from rostrum.archive.models import Post, PostVersion
from rostrum.people.models import Person
from rostrum.people.queries import may
from rostrum.registry.models import Account
from rostrum.registry.queries import accounts_visible_to
from rostrum.registry.turns import relations as of_request


def may_capture(person: Person, account: Account) -> bool:
    """Whether a person may keep posts of an account: those who look after it, lead its school, or review it."""
    return may(person, "post:capture", account.unit, of_request(person, account.registration.request))


def posts_visible_to(person: Person) -> QuerySet[Post]:
    """The posts of the accounts whose record a person may read, newest first."""
    accounts = accounts_visible_to(person).order_by().values("pk")
    return Post.objects.filter(account__in=accounts).select_related("account__unit", "captured_by")


def newest(post: Post) -> PostVersion:
    """The newest text of a post. Every post has one: it is kept in the same act. Raises LookupError otherwise."""
    found = post.versions.select_related("captured_by").order_by("-number").first()
    if found is None:
        raise LookupError("A post without a text.")
    return found


def newest_texts(after: int, limit: int) -> list[PostVersion]:
    """The newest texts of the next posts after a post's number, in order of it; gone posts are left out."""
    ids = list(Post.objects.filter(pk__gt=after, gone_since=None).order_by("pk").values_list("pk", "versions_kept")[:limit])
    wanted = Q(pk__in=())
    if not ids:
        return []
    last = ids[-1][0]
    counts = dict(ids)
    wanted = Q(post_id__gt=after, post_id__lte=last)
    found = PostVersion.objects.filter(wanted).select_related("post__account__unit").order_by("post_id", "-number")
    return [one for one in found if counts.get(one.post_id) == one.number]


def batches(size: int = 2000) -> Iterator[list[PostVersion]]:
    """The newest text of every post that is still there, in batches by number."""
    after = 0
    while batch := newest_texts(after, size):
        yield batch
        after = batch[-1].post_id


def count_there() -> int:
    """How many posts are kept that are still there."""
    return Post.objects.filter(gone_since=None).count()
