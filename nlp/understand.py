"""What a person typed, as a query: what it asks for, and what it seems to mean besides."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from corpus.filters import PassageFilter
from corpus.model import Span, Stance
from nlp.codebook import Codebook
from nlp.pseudonyms import find_pseudonyms
from nlp.query_themes import QueryTheme
from nlp.tokens import stems_of, tokenise
from nlp.understand_data import Abbreviation, ByNation, Meaning, bounded, query_patterns
from nlp.understand_fields import find_operators
from nlp.understand_names import KnownNames
from nlp.understand_years import find_years
from nlp.understood import Effect, QueryReading, ReadingKind, Understood
from nlp.word_query import MAX_QUERY_CHARS, QUOTED, WordQuery, read_word_query

MOST_READ_CHARS = 400
"""Longer texts are pasted paragraphs: they are searched for, and nothing is read into them."""

_Read = tuple[QueryReading, PassageFilter]


def understand(
    text: str,
    *,
    codebook: Codebook,
    names: KnownNames = KnownNames(),  # noqa: B008 - frozen
    ignore: Collection[str] = (),
    plain: bool = False,
    beside: PassageFilter = PassageFilter(),  # noqa: B008 - frozen
) -> Understood:
    """Read a query; any text is safe, and the same text is always read alike.

    Operators (quotes, minus, ``field:value``) are read first, then plain words: years,
    a nation, a named review, agencies, a stance, an abbreviation of two meanings. Nothing
    is read into a quoted phrase. Each reading that is a filter takes its words out of
    what is asked for.

    Args:
        text: what was typed, of any length.
        codebook: its themes may be named as ``theme:…``.
        names: the reviews held, by the names that may be shown.
        ignore: keys of readings that the reader took back; their words are asked for again.
        plain: read nothing but quoted phrases.
        beside: what was chosen apart from the text; it stands before what the text asks for.
    """
    text = text[:MAX_QUERY_CHARS].strip()
    if plain or len(text) > MOST_READ_CHARS:
        return Understood(text=text, asked=text, words=read_word_query(text))
    found = _wanted(_operators(text, codebook, names), ignore)
    rest = _blanked(text, [one for one, _ in found])
    for find in (_years, _nation, _reviews(names), _stances, _agencies, _abbreviations):
        new = _wanted(_apart(find(rest), found), ignore)
        found += new
    found += _wanted(_about(rest, codebook), ignore)
    found += _wanted(_phrases(_blanked(text, [one for one, _ in found], quoted=False)), ignore)
    found = sorted(found, key=lambda one: one[0].span or Span(len(text), 0))
    return _understood(text, _one_of_a_kind(found, beside))


def _one_of_a_kind(found: Sequence[_Read], beside: PassageFilter) -> list[_Read]:
    """Only the first filter of a kind counts; of another one it is said that it does not."""
    kept: list[_Read] = []
    taken = beside
    for reading, wanted in found:
        if merge_filters(taken, wanted) == merge_filters(wanted, taken):
            taken = merge_filters(taken, wanted)
            kept.append((reading, wanted))
        else:
            label = f"not only {reading.label}, since another filter of this kind stands"
            kept.append((replace(reading, label=label, effect=Effect.NOTE), _NO))
    return kept


def _understood(text: str, found: Sequence[_Read]) -> Understood:
    readings = [reading for reading, _ in found]
    asked = _asked(text, readings)
    narrowed = PassageFilter()
    for _, one in found:
        narrowed = merge_filters(narrowed, one)
    words = read_word_query(asked)
    return Understood(
        text=text,
        asked=asked,
        readings=tuple(readings),
        filter=narrowed,
        stances=_stances_of(readings),
        words=words,
        without=_without(readings),
        title=_as_phrases(readings, ReadingKind.TITLE),
    )


def with_themes(
    understood: Understood, themes: Sequence[QueryTheme], codebook: Codebook
) -> Understood:
    """Add what the query as a whole was taken to be about, within the themes it keeps to."""
    kept = understood.filter.themes
    readings = [
        QueryReading(
            kind=ReadingKind.THEME,
            value=one.theme_id,
            label=f"“{codebook.theme(one.theme_id).label}” first",
            effect=Effect.SOFT,
        )
        for one in themes
        if not kept or one.theme_id in kept
    ]
    return replace(understood, readings=(*understood.readings, *readings))


def merge_filters(first: PassageFilter, second: PassageFilter) -> PassageFilter:
    """Put two filters together; where both ask for one thing, the first stands."""
    values = {
        name: value for name, value in vars(second).items() if value and not getattr(first, name)
    }
    if {"from_year", "to_year"} & _asked_fields(first):
        values.pop("from_year", None)
        values.pop("to_year", None)
    return replace(first, **values)


def _asked_fields(wanted: PassageFilter) -> set[str]:
    """The names of the fields in which a filter asks for something."""
    return {name for name, value in vars(wanted).items() if value}


def _operators(text: str, codebook: Codebook, names: KnownNames) -> list[_Read]:
    return [
        (one.reading, one.filter) for one in find_operators(text, codebook=codebook, names=names)
    ]


def _years(text: str) -> list[_Read]:
    years = find_years(text)
    if years is None:
        return []
    reading = QueryReading(
        kind=ReadingKind.YEARS,
        value=years.value,
        label=years.label,
        effect=Effect.FILTER,
        span=years.span,
    )
    return [(reading, PassageFilter(from_year=years.first, to_year=years.last))]


def _nation(text: str) -> list[_Read]:
    found = []
    for place in query_patterns().places:
        match = place.words.search(text)
        if match and _is_one_of_two(match):
            return []
        if match:
            reading = QueryReading(
                kind=ReadingKind.NATION,
                value=place.value,
                label=place.label,
                effect=Effect.FILTER,
                span=Span(*match.span()),
            )
            found.append((reading, PassageFilter(nation=place.value)))
    # "England and Wales": two nations are no filter, and both words are searched for.
    return found if len(found) == 1 else []


def _is_one_of_two(match: re.Match[str]) -> bool:
    """Whether another nation is joined to the one that was found: "in England and Wales"."""
    names = "|".join(query_patterns().place_names)
    joined = re.compile(
        rf"(?: ?[,/&] ?| )(?:and |or |& ?)?(?:the )?(?:{names})(?!\w)", re.IGNORECASE
    )
    return joined.match(match.string, match.end()) is not None


def _reviews(names: KnownNames) -> Callable[[str], list[_Read]]:
    def read(text: str) -> list[_Read]:
        found = names.find(text)
        alone = len(found) == 1 and found[0].framed and len(found[0].review_ids) == 1
        readings: list[_Read] = []
        for named in found:
            one = len(named.review_ids) == 1
            shared = "" if one else f", as {len(named.review_ids)} reviews are called"
            from_it, first = f"from the review “{named.name}”", f"on “{named.name}” first{shared}"
            reading = QueryReading(
                kind=ReadingKind.REVIEW,
                value=named.review_ids[0] if one else named.name,
                label=from_it if alone else first,
                effect=Effect.FILTER if alone else Effect.SOFT,
                span=named.span,
            )
            wanted = PassageFilter(review_id=named.review_ids[0]) if alone else PassageFilter()
            readings.append((reading, wanted))
        taken = [one.span for one in found]
        readings += [
            (_not_held(text, span), _NO)
            for span in find_pseudonyms(text)
            if not any(span.start < one.end and one.start < span.end for one in taken)
        ]
        return readings

    return read


def _not_held(text: str, span: Span) -> QueryReading:
    name = text[span.start : span.end]
    return QueryReading(
        kind=ReadingKind.REVIEW,
        value=name,
        label=f"no review is held under the name “{name}”",
        effect=Effect.NOTE,
        span=span,
    )


def _stances(text: str) -> list[_Read]:
    found: list[_Read] = []
    for stance in query_patterns().stances:
        match = stance.words.search(text)
        if match:
            found.append((_soft(ReadingKind.STANCE, stance.value, stance.label, match.span()), _NO))
    return found


def _agencies(text: str) -> list[_Read]:
    return [
        (_soft(ReadingKind.AGENCY, agency.value, agency.label, match.span()), _NO)
        for agency in query_patterns().agencies
        if (match := agency.words.search(text))
    ]


def _about(text: str, codebook: Codebook) -> list[_Read]:
    """Themes and reforms that are asked for in so many words; these are searched for too."""
    patterns = query_patterns()
    found: list[_Read] = []
    for one in patterns.about:
        if one.words.search(text):
            label = f"on the theme “{codebook.entry(one.value).label}”"
            reading = QueryReading(
                kind=ReadingKind.THEME, value=one.value, label=label, effect=Effect.FILTER
            )
            found.append((reading, PassageFilter(themes=codebook.expand(one.value))))
    labels = {reform.reform_id: reform.label for reform in codebook.reforms}
    for one in patterns.reforms:
        if match := one.words.search(text):
            reading = QueryReading(
                kind=ReadingKind.REFORM,
                value=one.value,
                label=f"a reform of its own, “{labels[one.value]}”",
                effect=Effect.NOTE,
                span=Span(*match.span()),
            )
            found.append((reading, _NO))
    return found


def _abbreviations(text: str) -> list[_Read]:
    patterns = query_patterns()
    found: list[_Read] = []
    for one in patterns.abbreviations:
        found += _meaning_of(one, text)
    for named in patterns.by_nation:
        found += _name_by_nation(named, text)
    return found


def _meaning_of(abbreviation: Abbreviation, text: str) -> list[_Read]:
    match = abbreviation.short.search(text)
    if match is None:
        return []
    # The meaning for which most of the query's other words speak; the first where none does.
    chosen = max(abbreviation.meanings, key=lambda meaning: _spoken_for(meaning, text))
    others = " or ".join(one.words for one in abbreviation.meanings if one is not chosen)
    label = f"{match[0]} as {chosen.words}, not {others}"
    return [(_soft(ReadingKind.ABBREVIATION, chosen.meaning_id, label, match.span()), _NO)]


def other_meanings(reading: QueryReading) -> tuple[str, ...]:
    """What an abbreviation could have been read as besides; empty for any other reading."""
    if reading.kind is not ReadingKind.ABBREVIATION:
        return ()
    return tuple(
        meaning.words
        for one in query_patterns().abbreviations
        if any(meaning.meaning_id == reading.value for meaning in one.meanings)
        for meaning in one.meanings
        if meaning.meaning_id != reading.value
    )


def _spoken_for(meaning: Meaning, text: str) -> int:
    return sum(bool(bounded(cue).search(text)) for cue in meaning.cues)


def _name_by_nation(named: ByNation, text: str) -> list[_Read]:
    match = named.short.search(text)
    if match is None:
        return []
    label = f"{match[0]}: {named.england} in England, {named.scotland} in Scotland"
    reading = QueryReading(
        kind=ReadingKind.ABBREVIATION,
        value=match[0].upper(),
        label=label,
        effect=Effect.NOTE,
        span=Span(*match.span()),
    )
    return [(reading, _NO)]


_NO = PassageFilter()


def _soft(kind: ReadingKind, value: str, label: str, span: tuple[int, int]) -> QueryReading:
    return QueryReading(kind=kind, value=value, label=label, effect=Effect.SOFT, span=Span(*span))


def _wanted(found: Sequence[_Read], ignore: Collection[str]) -> list[_Read]:
    return [one for one in found if one[0].key not in ignore]


def _apart(found: Sequence[_Read], before: Sequence[_Read]) -> list[_Read]:
    """Leave out readings of words that a filter has taken already."""
    taken = [one.span for one, _ in before if one.span and one.effect is Effect.FILTER]
    return [
        one
        for one in found
        if not any(
            one[0].span and one[0].span.start < span.end and span.start < one[0].span.end
            for span in taken
        )
    ]


def _blanked(text: str, readings: Sequence[QueryReading], *, quoted: bool = True) -> str:
    """Put blanks for operators and quoted phrases; offsets stay as they are."""
    spans = [one.span for one in readings if one.span and one.effect is Effect.FILTER]
    if quoted:
        spans += [Span(*match.span()) for match in QUOTED.finditer(text)]
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


def _asked(text: str, readings: Sequence[QueryReading]) -> str:
    """The text without filters, and with the meaning in place of an abbreviation."""
    kept = [one.span for one in readings if one.kind is ReadingKind.PHRASE]
    pieces = [(one.span, _instead(one)) for one in readings if one.span and _goes(one)]
    # A phrase that the reader took back is asked for without its quotes.
    pieces += [
        (Span(*match.span()), match[1])
        for match in QUOTED.finditer(_blanked(text, readings, quoted=False))
        if Span(*match.span()) not in kept
    ]
    asked = text
    for span, instead in sorted(pieces, reverse=True):
        asked = f"{asked[: span.start]}{instead}{asked[span.end :]}"
    asked = " ".join(asked.split())
    if any(character.isalnum() for character in asked):
        return asked
    return "" if any(_goes(one) for one in readings) else text


def _goes(reading: QueryReading) -> bool:
    if reading.kind is ReadingKind.ABBREVIATION:
        return reading.effect is Effect.SOFT
    return reading.effect is Effect.FILTER and reading.kind is not ReadingKind.PHRASE


def _instead(reading: QueryReading) -> str:
    return _meanings()[reading.value] if reading.kind is ReadingKind.ABBREVIATION else ""


def _meanings() -> dict[str, str]:
    return {
        meaning.meaning_id: meaning.words
        for one in query_patterns().abbreviations
        for meaning in one.meanings
    }


def _stances_of(readings: Sequence[QueryReading]) -> tuple[Stance, ...]:
    return tuple(
        Stance(one.value)
        for one in readings
        if one.kind is ReadingKind.STANCE and one.effect is Effect.SOFT
    )


def _phrases(text: str) -> list[_Read]:
    return [
        (
            QueryReading(
                kind=ReadingKind.PHRASE,
                value=match[1].strip(),
                label=f"“{match[1].strip()}” as it stands",
                effect=Effect.FILTER,
                span=Span(*match.span()),
            ),
            _NO,
        )
        for match in QUOTED.finditer(text)
        if tokenise(match[1])
    ]


def _without(readings: Sequence[QueryReading]) -> WordQuery:
    """What no passage may hold: minus terms, and an abbreviation's other meanings."""
    chosen = {one.value for one in readings if one.kind is ReadingKind.ABBREVIATION}
    others = tuple(
        stems_of(meaning.words)
        for one in query_patterns().abbreviations
        if any(meaning.meaning_id in chosen for meaning in one.meanings)
        for meaning in one.meanings
        if meaning.meaning_id not in chosen
    )
    typed = _as_phrases(readings, ReadingKind.WITHOUT)
    return WordQuery(phrases=tuple(dict.fromkeys((*typed.phrases, *others))))


def _as_phrases(readings: Sequence[QueryReading], kind: ReadingKind) -> WordQuery:
    runs = [stems_of(one.value) for one in readings if one.kind is kind]
    return WordQuery(phrases=tuple(dict.fromkeys(run for run in runs if run)))
