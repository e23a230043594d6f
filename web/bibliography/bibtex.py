"""References as BibTeX, with every character that TeX would act on escaped."""

from collections.abc import Iterator

from web.bibliography.reference import Reference, one_line

MEDIA_TYPE = "application/x-bibtex"
_TYPES = {"report": "techreport", "news": "misc", "other": "misc"}
_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        # Never a bare brace, escaped or not: BibTeX counts them before TeX reads them.
        "{": r"\lbrace{}",
        "}": r"\rbrace{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{char: f"\\{char}" for char in "&%$#_"},
    }
)


def bibtex_entry(reference: Reference, *, note: str = "") -> str:
    """Write one reference. Title and author keep their capitals and are not taken apart."""
    date = reference.published
    report = reference.sort == "report"
    fields = {
        "title": _whole(reference.title),
        "author": _whole(reference.by) if reference.by else None,
        "institution" if report else "publisher": _escaped(reference.publisher),
        "type": _escaped(reference.type_words) if report else None,
        "number": _escaped(reference.number),
        "address": _escaped(reference.place),
        "year": str(date.year) if date else None,
        "date": str(date) if date else None,
        # biblatex and hyperref read an address as it stands but for these.
        "url": _address(reference.url) if reference.url else None,
        "note": _escaped(note),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    body = ",\n".join([f"@{_TYPES[reference.sort]}{{{reference.key}", *lines])
    return f"{body}\n}}\n\n"


def bibtex_entries(references: list[Reference], *, snapshot: str) -> Iterator[str]:
    """Write a bibliography; a comment at the end says how many entries a whole file has."""
    for reference in references:
        yield bibtex_entry(reference)
    yield f"@comment{{end of {len(references)} entries, Throughline snapshot {snapshot}}}\n"


def _escaped(text: str | None) -> str | None:
    return one_line(text).translate(_ESCAPES) if text else None


def _whole(text: str) -> str:
    return f"{{{_escaped(text)}}}"


def _address(address: str) -> str:
    return one_line(address).replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
