"""References as RIS, for Zotero, EndNote and Mendeley."""

from collections.abc import Iterator

from web.bibliography.reference import Reference, one_line

MEDIA_TYPE = "application/x-research-info-systems"
_TYPES = {"report": "RPRT", "news": "NEWS", "other": "GEN"}


def ris_entry(reference: Reference, *, note: str = "") -> str:
    """Write one reference; every field is one line, so none can begin another."""
    # Imported here: only exports and review pages need it.
    import rispy  # noqa: PLC0415

    date = reference.published
    fields = {
        "type_of_reference": _TYPES[reference.sort],
        "id": reference.key,
        "title": reference.title,
        "authors": [one_line(reference.by)] if reference.by else None,
        "year": str(date.year) if date else None,
        "date": "/".join((*str(date).split("-"), "", "", "")[:3]) + "/" if date else None,
        "publisher": reference.publisher,
        "place_published": reference.place,
        "type_of_work": reference.type_words,
        "number": reference.number,
        "urls": [reference.url] if reference.url else None,
        "notes": [note] if note else None,
    }
    entry = {
        name: one_line(value) if isinstance(value, str) else value
        for name, value in fields.items()
        if value
    }
    return str(rispy.dumps([entry])).replace("1.\n", "", 1).strip() + "\n\n"


def ris_entries(references: list[Reference], *, snapshot: str) -> Iterator[str]:
    """Write a bibliography; each entry's note says which it is, of how many."""
    for number, reference in enumerate(references, start=1):
        note = f"Entry {number} of {len(references)}, Throughline snapshot {snapshot}"
        yield ris_entry(reference, note=note)
