"""Texts longer than is searched for: their beginning is, and the page says so."""

from dataclasses import replace

from web.search.looking import LookForm
from web.search.readings import Reading
from web.search_form import LONGEST_QUERY, SearchForm

LONGEST_PARAGRAPH = 4_000
"""Characters of a pasted paragraph; the encoder reads some 256 word pieces of it."""
_LONGEST_WORD = 100
"""Characters looked back for a blank to cut at."""


def shorten(form: SearchForm, look: LookForm) -> tuple[SearchForm, LookForm, tuple[Reading, ...]]:
    """Cut what was typed or pasted to what is searched for.

    Every link of the page repeats the text, and the encoder reads no more of it.

    Returns:
        The form and the look with texts of at most :data:`LONGEST_QUERY` and
        :data:`LONGEST_PARAGRAPH` characters, and a note for each that was cut.
    """
    notes = [
        _note(text, most)
        for text, most in ((form.q, LONGEST_QUERY), (look.paragraph, LONGEST_PARAGRAPH))
        if len(text) > most
    ]
    return (
        replace(form, q=_cut(form.q, LONGEST_QUERY)),
        replace(look, paragraph=_cut(look.paragraph, LONGEST_PARAGRAPH)),
        tuple(notes),
    )


def _cut(text: str, most: int) -> str:
    """Cut at the last blank before the limit; within a word that has none."""
    if len(text) <= most:
        return text
    head = text[:most]
    if text[most].isspace() or head[-1].isspace():
        return head.rstrip()
    words = head.rsplit(maxsplit=1)
    return words[0] if len(words) > 1 and len(words[1]) <= _LONGEST_WORD else head


def _note(text: str, most: int) -> Reading:
    words = f"Of your {len(text):,} characters only the first {len(_cut(text, most)):,} were kept"
    return Reading(words=words, how="note", back=None)
