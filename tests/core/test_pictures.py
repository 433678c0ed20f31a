"""Pictures written anew: what draws stays, what tells besides goes, and nothing that is no picture passes."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostrum.core.pictures import MOST_PIXELS, NoPicture, rebuilt


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(*extra: bytes, width: int = 2, height: int = 2, end: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    drawn = chunk(b"IDAT", zlib.compress(b"\x00\x00\x00" * 2))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + drawn + chunk(b"IEND", b"") + end


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def exif(turned: int, order: str = ">") -> bytes:
    """What a phone writes: which way is up, and where it was (as an entry that points at text)."""
    mark = b"MM\x00\x2a" if order == ">" else b"II\x2a\x00"
    tiff = mark + struct.pack(order + "I", 8) + struct.pack(order + "H", 2)
    tiff += struct.pack(order + "HHIHH", 0x0112, 3, 1, turned, 0)
    tiff += struct.pack(order + "HHII", 0x8825, 4, 1, 38) + b"\x00" * 4 + b"53.2783 N 110.0050 W"
    return segment(0xE1, b"Exif\x00\x00" + tiff)


def jpeg(*extra: bytes, end: bytes = b"") -> bytes:
    frame = segment(0xC0, b"\x08" + struct.pack(">HH", 3, 5) + b"\x01\x01\x11\x00")
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
    jfif = segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x01\x01abc")
    return b"\xff\xd8" + jfif + b"".join(extra) + segment(0xDB, b"\x00" * 65) + frame + scan + b"\xff\xd9" + end


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    inside = b"WEBP" + b"".join(struct.pack("<4sI", n, len(b)) + b + b"\x00" * (len(b) % 2) for n, b in chunks)
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


LOSSY = (b"VP8 ", b"\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", 7, 9) + b"drawn")


def test_a_plain_picture_stays_as_it_is() -> None:
    for plain, size in ((png(), (2, 2)), (riff(LOSSY), (7, 9))):
        found = rebuilt(plain)
        assert found.data == plain
        assert (found.width, found.height) == size
    found = rebuilt(jpeg())
    assert (found.kind, found.width, found.height) == ("jpg", 5, 3)
    assert b"abc" not in found.data, "the thumbnail of JFIF is left behind"
    assert rebuilt(found.data).data == found.data


@pytest.mark.parametrize(
    "told",
    [
        png(chunk(b"eXIf", b"MM\x00\x2aGPS 53.2783"), chunk(b"tEXt", b"Author\x00GPS 53.2783")),
        png(end=b"<script>GPS 53.2783</script>"),
        png(end=b"PK\x03\x04GPS 53.2783"),
        jpeg(segment(0xFE, b"GPS 53.2783"), exif(1), segment(0xE2, b"MPF\x00GPS 53.2783")),
        jpeg(end=b"\xff\xd8GPS 53.2783"),
        riff(
            (b"VP8X", b"\x2c\x00\x00\x00\x06\x00\x00\x08\x00\x00"),
            LOSSY,
            (b"EXIF", b"GPS 53.2783"),
            (b"XMP ", b"GPS 53.2783"),
        ),
        riff(LOSSY) + b"<html>GPS 53.2783",
    ],
)
def test_where_it_was_taken_and_a_second_file_inside_are_gone(told: bytes) -> None:
    found = rebuilt(told)
    assert b"53.2783" in told
    assert b"53.2783" not in found.data
    assert b"script" not in found.data
    assert rebuilt(found.data).data == found.data


@pytest.mark.parametrize("order", [">", "<"])
def test_of_a_phone_picture_only_the_way_up_is_kept(order: str) -> None:
    found = rebuilt(jpeg(exif(6, order)))
    assert b"53.2783" not in found.data
    assert b"Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06" in found.data
    assert b"Exif" not in rebuilt(jpeg(exif(1, order))).data
    assert b"Exif" not in rebuilt(jpeg(exif(99, order))).data


def test_the_extended_webp_says_no_more_that_others_follow() -> None:
    found = rebuilt(riff((b"VP8X", b"\x3e\x00\x00\x00\x06\x00\x00\x08\x00\x00"), LOSSY, (b"EXIF", b"x")))
    assert found.data[20] == 0x12
    assert (found.width, found.height) == (7, 9)


@pytest.mark.parametrize(
    "wrong",
    [
        b"", b"GIF89a", b"<svg onload=alert(1)>", b"%PDF-1.7 %%EOF", png()[:-5], png()[:40], jpeg()[:-2], jpeg()[:30],
        b"\xff\xd8\xff\xd9", riff(), riff((b"EXIF", b"x")), riff(LOSSY)[:-3], png(width=0), png(width=MOST_PIXELS + 1),
        png(width=MOST_PIXELS, height=MOST_PIXELS), png().replace(b"IDAT", b"IDAX"), png(chunk(b"PLTE", b"x")[:-1] + b"?"),
        png(chunk(b"CgBI", b"x")), b"\x89PNG\r\n\x1a\n" + chunk(b"IDAT", b"x") + chunk(b"IEND", b""),
        b"\xff\xd8\xff\xe0\x00\x01", riff((b"VP8 ", b"nothing like it")),
    ],
)  # fmt: skip
def test_what_is_no_whole_picture_is_none(wrong: bytes) -> None:
    with pytest.raises(NoPicture):
        rebuilt(wrong)


@settings(max_examples=150, deadline=None)
@given(
    base=st.sampled_from([png(), jpeg(exif(3)), riff(LOSSY)]), at=st.integers(0, 200), other=st.binary(max_size=6),
    cut=st.integers(0, 8),
)  # fmt: skip
def test_a_damaged_file_is_a_picture_or_none_and_never_an_error(base: bytes, at: int, other: bytes, cut: int) -> None:
    broken = base[:at] + other + base[at + cut :]
    try:
        found = rebuilt(broken)
    except NoPicture:
        return
    assert rebuilt(found.data).data == found.data
