"""Files among the exports that are none: what people leave in a shared folder."""

import struct
import zlib

from pipelines.simulate.files import Folder, moment

LEFT_AT = moment(2026, 9, 29, 18)
PDF = "Q3 review slides.pdf"
PNG = "google_ads/dashboard screenshot.png"
NOTE = "read me first.txt"
ZERO = "google_ads/Ad group report.csv"
COPY = "hubspot/hubspot-crm-exports-all-companies-2026-10-01 (1).csv"
PDF_BYTES = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
NOTE_TEXT = (
    "Hi all,\n\nplease drop the exports here every Thursday, each tool in its own folder.\n"
    "The slides for the review are next to this note.\n\nThanks, Ines\n"
)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def png() -> bytes:
    """A grey image of eight by eight pixels."""
    header = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\x00" + bytes([160] * 8) for _ in range(8)))
    parts = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in parts)


def write_strays(folder: Folder, companies: bytes) -> None:
    """Slides, a screenshot, a note, an empty file and one export saved twice."""
    folder.write(PDF, PDF_BYTES, LEFT_AT)
    folder.plant(PDF, "not_an_export", "PDF")
    folder.write(PNG, png(), LEFT_AT)
    folder.plant(PNG, "not_an_export", "PNG")
    folder.write(NOTE, NOTE_TEXT.encode(), LEFT_AT)
    folder.plant(NOTE, "not_an_export", "text")
    folder.write(ZERO, b"", LEFT_AT)
    folder.plant(ZERO, "zero_bytes", "empty file")
    folder.write(COPY, companies, moment(2026, 10, 1, 4, 52))
    folder.plant(COPY, "duplicate", "same bytes as the file without (1)")
