"""The about page: what to expect, where to get help, and how to ask for a correction."""

from dataclasses import dataclass

from corpus.errors import ThroughlineError
from web.contact import contact_href
from web.holdings import Library


@dataclass(frozen=True, kw_only=True)
class ErrorCode:
    """A kind of failure, as API answers name it."""

    code: str
    meaning: str


@dataclass(frozen=True, kw_only=True)
class AboutPage:
    """What ``about.html`` shows."""

    contact: str
    """Where to write for a correction; empty where this copy's keeper has set none."""
    contact_href: str | None
    """A link to it, where it is an e-mail or web address."""
    reviews_held: int
    documents_held: int
    passages_held: int
    codebook_version: str
    tagger_version: str
    model: str
    snapshot: str
    error_codes: tuple[ErrorCode, ...]


def build(library: Library) -> AboutPage:
    """Gather the about page."""
    counts = library.store.count_rows()
    contact = library.settings.contact.strip()
    versions = library.versions
    return AboutPage(
        contact=contact,
        contact_href=contact_href(contact),
        reviews_held=counts["reviews"],
        documents_held=counts["documents"],
        passages_held=counts["passages"],
        codebook_version=versions.codebook,
        tagger_version=versions.tagger,
        model=versions.model,
        snapshot=library.snapshot,
        error_codes=tuple(_error_codes()),
    )


def _error_codes() -> list[ErrorCode]:
    found: dict[str, str] = {}
    waiting: list[type[ThroughlineError]] = [ThroughlineError]
    while waiting:
        family = waiting.pop(0)
        waiting += family.__subclasses__()
        found.setdefault(family.code, (family.__doc__ or "").strip().splitlines()[0])
    found.setdefault("invalid-parameter", "A parameter is unknown or its value cannot be used.")
    return [ErrorCode(code=code, meaning=found[code]) for code in sorted(found)]
