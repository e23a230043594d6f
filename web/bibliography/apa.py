"""References in the style of the American Psychological Association, seventh edition."""

from dataclasses import dataclass

from corpus.dates import PartialDate
from web.bibliography.reference import Reference, one_line


@dataclass(frozen=True, kw_only=True)
class ApaParts:
    """A reference in three parts, because a page sets the title in italics."""

    before: str
    title: str
    after: str

    @property
    def text(self) -> str:
        """The whole in one line."""
        return f"{self.before}{self.title}{self.after}"


def apa(reference: Reference) -> ApaParts:
    """Write a reference: author (date). Title [what it is]. Publisher. Address.

    Without an author the publisher stands first and is not repeated; without either, the
    title does.
    """
    title, by = one_line(reference.title), reference.by
    date = f"({_date(reference.published)})."
    before = f"{_stopped(one_line(by))} {date} " if by else ""
    what = f" [{reference.type_words}]."
    rest = [
        _stopped(one_line(reference.publisher))
        if reference.publisher and reference.publisher != by
        else "",
        reference.url or "",
    ]
    return ApaParts(
        before=before,
        title=title,
        after=" ".join([what, *([] if by else [date]), *filter(None, rest)]),
    )


def _stopped(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _date(date: PartialDate | None) -> str:
    if date is None:
        return "n.d."
    *before, year = date.words.split()
    return ", ".join(filter(None, (year, " ".join(reversed(before)))))
