"""How a report's figures came about, in plain words."""

from collections.abc import Collection
from importlib.resources import files

from corpus.year_holdings import codebooks_of, readers_of
from nlp.measured import load_measured
from nlp.tagger import tagger_version
from web.holdings import Library
from web.report.model import Method

_LIMITS = "**Limits.** "


def method_of(library: Library, review_ids: Collection[str]) -> Method:
    """Gather the counting rules, and what read and judged these reviews."""
    codebook, taggers = library.codebook, readers_of(library.store, review_ids)
    measured = load_measured()
    return Method(
        rules=tuple(_plain(rule.text, library) for rule in codebook.counting_rules),
        codebook_version=codebook.version,
        taggers=taggers,
        coding_codebooks=codebooks_of(library.store, review_ids),
        limits=card_limits() if taggers == (tagger_version(),) else None,
        measured=measured if taggers == (measured.tagger_version,) else None,
    )


def card_limits() -> str:
    """What the card of the tagger that ships says of its limits."""
    card = (files("nlp") / "data" / "heads" / "MODEL_CARD.md").read_text(encoding="utf-8")
    found = [line for line in card.split("\n\n") if line.startswith(_LIMITS)]
    return " ".join(found[0].removeprefix(_LIMITS).split()) if found else ""


def _plain(text: str, library: Library) -> str:
    """A rule without the backticks around theme ids, each by its label."""
    for theme in library.codebook.themes:
        text = text.replace(f"`{theme.theme_id}`", f"“{theme.label}”")
    return text
