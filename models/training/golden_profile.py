"""A Display P3 colour profile, written by hand from the standard's numbers, so that nobody else's file is shipped.

ICC.1:2001-04 (version 2): a header of 128 bytes, a table of tags, then the tags: white point, the three primaries as
XYZ adapted to D50, and one tone curve for all three.
"""

import struct

# Columns of the RGB → XYZ matrix of Display P3 (SMPTE EG 432-1 primaries, D65), Bradford-adapted to D50.
RED_XYZ = (0.51512, 0.24120, -0.00105)
GREEN_XYZ = (0.29198, 0.69225, 0.04189)
BLUE_XYZ = (0.15710, 0.06657, 0.78407)
D50_XYZ = (0.96420, 1.0, 0.82491)

GAMMA = 2.2


def display_p3_profile() -> bytes:
    """The profile as bytes, as an image file carries it."""
    curve = _tag(b"curv", struct.pack(">IH", 1, round(GAMMA * 256)) + b"\0\0")
    tags = {
        b"desc": _description("Display P3 by hand"),
        b"cprt": _tag(b"text", b"No copyright, use freely\0"),
        b"wtpt": _xyz(D50_XYZ), b"rXYZ": _xyz(RED_XYZ), b"gXYZ": _xyz(GREEN_XYZ), b"bXYZ": _xyz(BLUE_XYZ),
        b"rTRC": curve, b"gTRC": curve, b"bTRC": curve,
    }
    offset = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        table += struct.pack(">4sII", name, offset + len(body), len(content))
        body += content + b"\0" * (-len(content) % 4)
    return _header(offset + len(body)) + table + body


def _header(size: int) -> bytes:
    dates = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    head = struct.pack(">I4sI4s4s4s", size, b"none", 0x02100000, b"mntr", b"RGB ", b"XYZ ") + dates + b"acsp"
    return head.ljust(68, b"\0") + _fixed(D50_XYZ) + b"\0" * (128 - 68 - 12)


def _tag(signature: bytes, content: bytes) -> bytes:
    return signature + b"\0\0\0\0" + content


def _xyz(values: tuple[float, float, float]) -> bytes:
    return _tag(b"XYZ ", _fixed(values))


def _fixed(values: tuple[float, float, float]) -> bytes:
    """Three s15Fixed16 numbers."""
    return struct.pack(">3i", *(round(value * 65536) for value in values))


def _description(text: str) -> bytes:
    ascii_text = text.encode() + b"\0"
    no_unicode_no_script = b"\0" * (4 + 4 + 2 + 1 + 67)
    return _tag(b"desc", struct.pack(">I", len(ascii_text)) + ascii_text + no_unicode_no_script)
