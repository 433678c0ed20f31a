"""Pictures written anew, part by part: nothing but the picture is left, no place, no camera, no second file inside.

A picture from a phone says where it was taken, and a file can be a picture and a web page at once. Both are cured by
the same means: the file's own structure is read strictly, the parts that draw the picture are written into a new
file, and everything else (metadata, comments, thumbnails, whatever stands before or after) stays behind. Nothing is
decoded, so that no picture can be made to cost memory. Sources: PNG (W3C, third edition), JPEG (ITU-T T.81, JFIF,
Exif 3.0), WebP container (RIFF).
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

MOST_PIXELS = 20_000  # on a side
MOST_AREA = 60_000_000  # pixels in all: what a browser may have to draw
PNG_START = b"\x89PNG\r\n\x1a\n"
# What draws the picture, and how its colours are meant. Texts, times, Exif and private parts are left behind.
PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"})
WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF"})


class NoPicture(ValueError):
    """The file is not a whole picture of a kind that we know."""


@dataclass(frozen=True)
class Picture:
    """A picture written anew: its kind (png, jpg or webp), its bytes, its size in pixels."""

    kind: str
    data: bytes
    width: int
    height: int


def rebuilt(data: bytes) -> Picture:
    """The same picture with nothing in its file but the picture. Raises NoPicture for anything else.

    The kind is what the file is, whatever it is called.
    """
    try:
        if data.startswith(PNG_START):
            found = _png(data)
        elif data.startswith(b"\xff\xd8\xff"):
            found = _jpeg(data)
        elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            found = _webp(data)
        else:
            raise NoPicture("unknown kind")
    except (struct.error, IndexError) as error:
        raise NoPicture("cut off") from error
    if not (0 < found.width <= MOST_PIXELS and 0 < found.height <= MOST_PIXELS):
        raise NoPicture("size")
    if found.width * found.height > MOST_AREA:
        raise NoPicture("area")
    return found


def _png(data: bytes) -> Picture:
    """Every chunk with its checksum, up to IEND; what follows it is not part of the picture."""
    out, at, width, height, drawn = [PNG_START], len(PNG_START), 0, 0, False
    while True:
        length, name = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        (check,) = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        if len(body) != length or check != zlib.crc32(name + body):
            raise NoPicture("a damaged part")
        if (name == b"IHDR") != (at == len(PNG_START)):
            raise NoPicture("no header")
        if name == b"IHDR":
            width, height = struct.unpack(">II", body[:8])
        elif name[:1].isupper() and name not in PNG_KEPT:
            raise NoPicture("an unknown part that draws")
        drawn = drawn or name == b"IDAT"
        if name in PNG_KEPT:
            out.append(data[at : at + 12 + length])
        at += 12 + length
        if name == b"IEND":
            break
    if not drawn:
        raise NoPicture("nothing drawn")
    return Picture("png", b"".join(out), width, height)


_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
# Tables, frames, scans, restart intervals, and JFIF and Adobe, which say what the numbers mean as colours.
_JPEG_KEPT = _FRAMES | {0xC4, 0xCC, 0xDA, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF}


def _jpeg(data: bytes) -> Picture:
    """Every segment up to the end of the image. Of Exif only the way up is kept, in an Exif of our own."""
    kept: list[bytes] = []
    at, width, height, turned, scanned = 2, 0, 0, 1, False
    while True:
        if data[at] != 0xFF:
            raise NoPicture("no marker")
        while data[at] == 0xFF:
            at += 1
        marker = data[at]
        at += 1
        if marker == 0xD9:
            break
        if marker == 0x01 or 0xD0 <= marker <= 0xD8 or marker == 0x00:
            raise NoPicture("a marker out of place")
        (length,) = struct.unpack(">H", data[at : at + 2])
        body = data[at + 2 : at + length]
        if length < 2 or len(body) != length - 2:
            raise NoPicture("cut off")
        at += length
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", body[1:5])
        elif marker == 0xE1 and body.startswith(b"Exif\x00\x00"):
            turned = _way_up(body[6:])
        scan = b""
        if marker == 0xDA:
            end = _end_of_scan(data, at)
            scan, at, scanned = data[at:end], end, True
        whole = bytes([0xFF, marker]) + struct.pack(">H", length) + body + scan
        if marker in _JPEG_KEPT:
            kept.append(whole)
        elif marker == 0xE0 and body.startswith(b"JFIF\x00") and len(body) >= 14:
            kept.append(b"\xff\xe0" + struct.pack(">H", 16) + body[:12] + b"\x00\x00")  # without its thumbnail
        elif marker == 0xEE and body.startswith(b"Adobe") and len(body) == 12:
            kept.append(whole)
    if not scanned or not width:
        raise NoPicture("nothing drawn")
    up = [] if turned == 1 else [_exif_of(turned)]
    head = [one for one in kept if one[1] == 0xE0][:1]
    rest = [one for one in kept if one[1] != 0xE0]
    return Picture("jpg", b"".join([b"\xff\xd8", *head, *up, *rest, b"\xff\xd9"]), width, height)


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the drawn part ends: at the next marker that is neither a stuffed zero nor a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0:
            raise NoPicture("cut off")
        follows = data[at + 1]
        if follows == 0x00 or 0xD0 <= follows <= 0xD7:
            at += 2
        elif follows == 0xFF:
            at += 1
        else:
            return at


def _way_up(tiff: bytes) -> int:
    """The Exif orientation, 1 to 8; 1 where it says nothing that can be understood."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return 1
    (start,) = struct.unpack(order + "I", tiff[4:8])
    if start + 2 > len(tiff):
        return 1
    (count,) = struct.unpack(order + "H", tiff[start : start + 2])
    for n in range(min(count, 200)):
        entry = tiff[start + 2 + 12 * n : start + 14 + 12 * n]
        if len(entry) < 12:
            return 1
        tag, _kind, _many, value = struct.unpack(order + "HHIH", entry[:10])
        if tag == 0x0112:
            return int(value) if 1 <= value <= 8 else 1
    return 1


def _exif_of(turned: int) -> bytes:
    """An Exif segment that says which way is up, and nothing else."""
    tiff = b"MM\x00\x2a\x00\x00\x00\x08" + struct.pack(">HHHIHH", 1, 0x0112, 3, 1, turned, 0) + b"\x00" * 4
    return b"\xff\xe1" + struct.pack(">H", len(tiff) + 8) + b"Exif\x00\x00" + tiff


def _webp(data: bytes) -> Picture:
    """The chunks that draw; the header of the extended format says no more that others follow."""
    (size,) = struct.unpack("<I", data[4:8])
    if size + 8 > len(data):
        raise NoPicture("cut off")
    chunks, at, width, height, extended = [], 12, 0, 0, b""
    while at + 8 <= size + 8:
        name, length = struct.unpack("<4sI", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        if len(body) != length:
            raise NoPicture("cut off")
        if name == b"VP8X" and length == 10:
            # Only alpha (0x10) and animation (0x02) stay; no colour profile, Exif or XMP.
            extended = bytes([body[0] & 0x12]) + body[1:]
            width = int.from_bytes(body[4:7], "little") + 1
            height = int.from_bytes(body[7:10], "little") + 1
        elif name in WEBP_KEPT:
            chunks.append(struct.pack("<4sI", name, length) + body + b"\x00" * (length % 2))
            if not width:
                width, height = _webp_size(name, body)
        at += 8 + length + length % 2
    if not any(one[:4] in {b"VP8 ", b"VP8L", b"ANMF"} for one in chunks):
        raise NoPicture("nothing drawn")
    if extended:
        chunks.insert(0, struct.pack("<4sI", b"VP8X", 10) + extended)
    inside = b"WEBP" + b"".join(chunks)
    return Picture("webp", b"RIFF" + struct.pack("<I", len(inside)) + inside, width, height)


def _webp_size(name: bytes, body: bytes) -> tuple[int, int]:
    if name == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        wide, high = struct.unpack("<HH", body[6:10])
        return wide & 0x3FFF, high & 0x3FFF
    if name == b"VP8L" and body[:1] == b"\x2f":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    raise NoPicture("size")
