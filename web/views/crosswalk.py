"""Others' headings that lie near a theme: the Panel's, NSPCC's, the triennial analyses'."""

import re
from dataclasses import dataclass
from functools import partial

from nlp.codebook import Codebook
from web.views.parts import theme_label


@dataclass(frozen=True, kw_only=True)
class HeadingTheme:
    """One of the themes that are added up to lie near another's heading."""

    theme_id: str
    label: str


@dataclass(frozen=True, kw_only=True)
class HeadingView:
    """One heading of a publication, with all of our themes that lie near it together."""

    publication: str
    reported: str
    with_: tuple[HeadingTheme, ...]
    """The others that are added up with this theme; none where it lies near it alone."""
    is_whole: bool
    """Whether this theme alone lies near the heading."""
    note: str
    confidence: str
    """How sure it is that the heading stands there; empty where the codebook does not say."""


@dataclass(frozen=True, kw_only=True)
class CrosswalkView:
    """Every heading near one theme, by publication in codebook order."""

    headings: tuple[HeadingView, ...]
    caution: str


def crosswalk_view(codebook: Codebook, theme_id: str) -> CrosswalkView:
    """Gather the headings that a theme is added up for.

    A sub-theme also lies near what its whole top theme is added up for; a top theme lies near
    what any of its sub-themes are.
    """
    mine = {theme_id, *codebook.expand(theme_id), codebook.top_theme_of(theme_id)}
    sure = {each.publication: codebook.confidence[each.confidence] for each in codebook.series}
    return CrosswalkView(
        headings=tuple(
            HeadingView(
                publication=row.publication,
                reported=row.reported,
                with_=tuple(
                    HeadingTheme(theme_id=each, label=theme_label(codebook, each))
                    for each in row.rollup
                    if each not in mine
                ),
                is_whole=tuple(row.rollup) == (theme_id,),
                note=_in_words(row.note, codebook),
                confidence=sure.get(row.publication, ""),
            )
            for row in codebook.crosswalk
            if mine & set(row.rollup)
        ),
        caution=codebook.crosswalk_caution,
    )


def _in_words(note: str, codebook: Codebook) -> str:
    """Put a note for readers: other rows by their headings, and no keys of sources."""
    note = re.sub(
        r" \(([^()]+)\)", lambda found: "" if found[1] in codebook.sources else found[0], note
    )
    for row in codebook.crosswalk:
        if row.key:
            heading = f"“{row.reported}” ({row.publication})"
            # A function, so that a heading is never read as a template of groups.
            note = re.sub(rf"\b{re.escape(row.key)}\b(?!-)", partial(_always, heading), note)
    return note


def _always(words: str, _found: re.Match[str]) -> str:
    return words
