"""A post that says in its address that somebody else wrote it is not kept as the account's own (AP 193 1.5)."""

from __future__ import annotations

import pytest

from rostrum.archive.models import Post
from rostrum.connectors import author_in
from rostrum.core.errors import Invalid
from rostrum.monitoring.scanning import capture
from rostrum.registry import changing
from rostrum.registry.models import Account
from tests.cast import Cast, official


@pytest.mark.parametrize(
    ("address", "author"),
    [
        ("https://www.facebook.com/rendellparkschool/posts/1", "rendellparkschool"),
        ("https://www.instagram.com/rendell/p/Cx/", "rendell"),
        ("https://x.com/lchscurling/status/12", "lchscurling"),
        ("https://www.tiktok.com/@lchs/video/7", "lchs"),
        ("https://mastodon.social/@lchs/112", "lchs@mastodon.social"),
        ("https://bsky.app/profile/lchs.bsky.social/post/3k", "lchs.bsky.social"),
        ("https://www.flickr.com/photos/lchs/123/", "lchs"), ("https://www.youtube.com/@lchs/posts/1", "lchs"),
        # Where the address does not say whose it is, or only by number, nothing is made of it.
        ("https://www.instagram.com/p/Cx/", ""), ("https://www.instagram.com/stories/rendell/123", ""),
        ("https://x.com/i/status/12", ""), ("https://www.youtube.com/watch?v=abc", ""), ("https://youtu.be/abc", ""),
        ("https://www.facebook.com/permalink.php?story_fbid=1&id=2", ""), ("https://www.facebook.com/share/p/abc", ""),
        ("https://www.facebook.com/groups/12345/posts/1", ""), ("https://www.facebook.com/100064/videos/3", ""),
        ("https://www.flickr.com/photos/12345678@N00/123/", ""), ("https://www.pinterest.com/pin/123/", ""),
        ("https://www.facebook.com/rendellparkschool", ""), ("https://[", ""), ("", ""),
        ("https://x.com/" + "a/" * 200, "a"),
    ],
)  # fmt: skip
def test_whose_post_an_address_says_it_is(address: str, author: str) -> None:
    assert author_in(address) == author


@pytest.mark.django_db
class TestKeeping:
    """The post of somebody else is refused with what to do; under an earlier name it is still the account's own."""

    def test_1_5_a_post_by_somebody_else_is_not_kept(self, cast: Cast) -> None:
        account = on_instagram(cast)
        with pytest.raises(Invalid) as refused:
            capture(account, by=cast.teacher, address="https://www.instagram.com/other.school/p/Cx1/", text="Hi.")
        assert "other.school" in refused.value.fields["address"][0]
        assert not Post.objects.exists()
        for where in ("https://www.instagram.com/RendellPark_Gr4/p/Cx2/", "https://www.instagram.com/p/Cx3/"):
            capture(account, by=cast.teacher, address=where, text=f"Hi from {where}.")
        assert Post.objects.count() == 2

    @pytest.mark.parametrize(
        ("platform", "handle", "post"),
        [("youtube", "https://www.youtube.com/@rendellmedia", "https://www.youtube.com/@rendellmedia/posts/1"),
         ("x", "https://x.com/rendellhockey", "https://x.com/RendellHockey/status/12"),
         ("facebook", "https://www.facebook.com/RendellParkSchool", "https://www.facebook.com/rendellparkschool/posts/1"),
         ("tiktok", "https://www.tiktok.com/@rendell.gr4", "https://www.tiktok.com/@rendell.gr4/video/7"),
         ("flickr", "https://www.flickr.com/photos/rendellalbums/", "https://www.flickr.com/photos/rendellalbums/5/"),
         ("threads", "https://www.threads.net/@rendellpark", "https://www.threads.net/@rendellpark/post/C1"),
         ("bluesky", "https://bsky.app/profile/rendell.bsky.social", "https://bsky.app/profile/rendell.bsky.social/post/3"),
         ("mastodon", "https://mastodon.social/@rendell", "https://mastodon.social/@rendell/112")],
    )  # fmt: skip
    def test_1_5_its_own_posts_are_kept_on_every_platform(
        self, cast: Cast, platform: str, handle: str, post: str
    ) -> None:
        account = official(cast, platform=platform, page_kind="page", handle=handle)
        assert capture(account, by=cast.teacher, address=post, text="Hi.")[0].post.address == post

    def test_1_5_under_its_earlier_name_it_is_still_the_accounts_own(self, cast: Cast) -> None:
        account = on_instagram(cast)
        change = changing.propose(
            account, by=cast.teacher, reason="The class moves up.", name=account.name, unit=account.unit,
            address="https://www.instagram.com/rendellpark_gr5/",
        )  # fmt: skip
        changing.approve(changing.agree(change, by=cast.principal), by=cast.communications)
        account.refresh_from_db()
        for name in ("rendellpark_gr4", "rendellpark_gr5"):
            capture(account, by=cast.teacher, address=f"https://www.instagram.com/{name}/p/C{name}/", text=f"By {name}.")
        assert Post.objects.count() == 2


def on_instagram(cast: Cast) -> Account:
    return official(cast, platform="instagram", page_kind="page", handle="https://www.instagram.com/rendellpark_gr4/")
