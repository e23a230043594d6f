"""PDFs written by hand to cost much, or to do what no document should; all words invented."""

import zlib
from collections.abc import Mapping

WORDS = (
    b"BT /F1 12 Tf 72 700 Td (The nurse wrote to the surgery twice and kept a copy of it.) Tj ET"
)
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def assemble(objects: Mapping[int, bytes], *, root: int = 1, trailer: bytes = b"") -> bytes:
    """Write objects by their numbers, with a table of where each begins."""
    written = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in sorted(objects.items()):
        places[number] = len(written)
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(written)
    size = max(objects) + 1
    written += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        written += b"%010d 00000 %s \n" % (
            places.get(number, 0),
            b"n" if number in places else b"f",
        )
    written += b"trailer\n<< /Size %d /Root %d 0 R %s >>\n" % (size, root, trailer)
    return bytes(written + b"startxref\n%d\n%%%%EOF\n" % start)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """Write a stream object's body."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def one_page(
    content: bytes = WORDS, *, catalog: bytes = b"", page: bytes = b"", **more: bytes
) -> bytes:
    """One page with a content stream; ``more`` are objects 6 on, in order."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R %s "
        b"/Resources << /Font << /F1 4 0 R >> /XObject << /Im 6 0 R >> >> >>" % page,
        4: _FONT,
        5: stream(content),
    }
    objects |= dict(enumerate(more.values(), start=6))
    return assemble(objects)


def many_pages(count: int) -> bytes:
    """A page tree of very many pages, all the same one."""
    kids = b" ".join([b"3 0 R"] * count)
    return assemble(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R "
            b"/Resources << /Font << /F1 4 0 R >> >> >>",
            4: _FONT,
            5: stream(WORDS),
        }
    )


def swelling_content(megabytes: int) -> bytes:
    """A content stream that is small packed and paints words without end unpacked."""
    painted = b"BT /F1 9 Tf 72 700 Td " + b"(word ) Tj " * (megabytes * 1_000_000 // 11) + b"ET"
    packed = zlib.compress(painted, 9)
    return assemble(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R "
            b"/Resources << /Font << /F1 4 0 R >> >> >>",
            4: _FONT,
            5: stream(packed, b"/Filter /FlateDecode"),
        }
    )


def huge_picture() -> bytes:
    """Words, and a picture that says it is of a gigapixel."""
    return one_page(
        WORDS + b" q 500 0 0 500 40 100 cm /Im Do Q",
        picture=stream(
            zlib.compress(b"\x80" * 1000),
            b"/Type /XObject /Subtype /Image /Width 32000 /Height 32000 /BitsPerComponent 8 "
            b"/ColorSpace /DeviceGray /Filter /FlateDecode",
        ),
    )


def deep_nesting(depth: int) -> bytes:
    """Arrays within arrays within a page's entries."""
    return one_page(page=b"/Deep " + b"[" * depth + b"]" * depth)


def endless_xref() -> bytes:
    """A table of objects that names itself as the one before it."""
    plain = one_page()
    start = plain.rindex(b"xref\n0")
    return plain.replace(b"/Root 1 0 R ", b"/Root 1 0 R /Prev %d " % start)


def looping_pages() -> bytes:
    """A page tree whose only branch is itself."""
    return assemble(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [2 0 R] /Count 5 >>",
        }
    )


def swelling_objects(megabytes: int) -> bytes:
    """A stream of objects that unpacks to far more than it holds."""
    packed = zlib.compress(b"1 0 " + b" " * (megabytes * 1_000_000), 9)
    return one_page(
        catalog=b"/Names 6 0 R",
        objects=stream(packed, b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"),
    )


def acting(target: str) -> bytes:
    """A page with a script, a launch action and an attached file, each run on opening."""
    write = b"app.launchURL('file://%s'); this.exportDataObject({cName:'a'});" % target.encode()
    return one_page(
        catalog=b"/OpenAction << /S /Launch /F (/bin/touch) /Win << /F (touch) /P (%s) >> >> "
        b"/AA << /WC << /S /JavaScript /JS (%s) >> >> "
        b"/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (%s) >>] >> "
        b"/EmbeddedFiles << /Names [(a.txt) 6 0 R] >> >>" % (target.encode(), write, write),
        attached=b"<< /Type /Filespec /F (a.txt) /EF << /F 7 0 R >> >>",
        file=stream(b"An attached file that nobody asked for.", b"/Type /EmbeddedFile"),
    )
