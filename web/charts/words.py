"""Sentences that stand with every figure: what was counted, and what it rests on."""

from corpus.count_table import DateAxis
from corpus.shares import PeriodShare, shares_by_period
from nlp.codebook import Codebook
from web.charts.figure import share_words
from web.counting import TOTAL
from web.recurring import CLOCK_VERBS, FOUND_WORDS, Ground, RecurrenceQuestion
from web.words import LEVELS, counted


def label_of(codebook: Codebook, theme: str) -> str:
    """What a reader calls a theme, a top theme or all of them."""
    return "Any theme" if theme == TOTAL else codebook.entry(theme).label


def found_heading(question: RecurrenceQuestion) -> str:
    """The heading of the column of numbers: ``Reviews that found a failing``."""
    return f"Reviews that {FOUND_WORDS[question.counted]}"


def filter_words(question: RecurrenceQuestion, *, years: bool = True) -> str:
    """The filters as the end of a title: ``, in Wales, from 2010``; empty without any.

    ``years`` is off where the title already says which years it shows.
    """
    parts = []
    if question.type:
        parts.append(f"of the type {question.type}")
    if question.nation:
        parts.append(f"in {question.nation}")
    if question.level:
        parts.append(f"about {LEVELS[question.level]}")
    if years and question.from_:
        parts.append(f"from {question.from_}")
    if years and question.to:
        parts.append(f"up to {question.to}")
    return "".join(f", {part}" for part in parts)


def coverage_notes(ground: Ground) -> tuple[str, ...]:
    """Say what a picture over time rests on, and why a rise in counts is not one in failure."""
    question = ground.question
    periods = shares_by_period(ground.held, (), span=question.span)
    if not periods:
        return ("No review with usable text and a date fits, so there is nothing to draw.",)
    dated = sum(period.share.denominator for period in periods)
    first = (
        f"{_thinnest(periods, question)}: a rise in counts is not a rise in failure. The picture "
        f"rests on {counted(dated, 'review')} held, {CLOCK_VERBS[question.clock]} from "
        f"{_years(ground)}; rapid reviews and unpublished reviews are not held at all."
    )
    return (first, *_left_out(ground, dated))


def _thinnest(periods: tuple[PeriodShare, ...], question: RecurrenceQuestion) -> str:
    empty = [period.words for period in periods if not period.share.denominator]
    thin = min(
        (period for period in periods if period.share.denominator),
        key=lambda period: (period.share.denominator, period.first),
    )
    held = f"{counted(thin.share.denominator, 'review')} held for {_the(thin.words)}"
    if question.clock is DateAxis.CAPTURE:
        return f"{held}, by when the text was taken in, which says nothing of when it happened"
    return f"None held for {' or '.join(map(_the, empty[:2]))}; {held}" if empty else held


def _left_out(ground: Ground, dated: int) -> tuple[str, ...]:
    undated = len(ground.held) - dated
    silent = sum(not row.has_text for row in ground.rows)
    parts = []
    if undated:
        parts.append(f"{counted(undated, 'review')} without this date")
    if silent:
        parts.append(f"{silent} of which no text is held")
    return (f"Not in the picture: {' and '.join(parts)}.",) if parts else ()


def _years(ground: Ground) -> str:
    years = [item.date.year for item in ground.held if item.date]
    return f"{min(years)} to {max(years)}" if min(years) != max(years) else str(years[0])


def trend_words(periods: tuple[PeriodShare, ...]) -> str:
    """Say the first and the last period's shares, and whether they can be told apart."""
    held = [period for period in periods if period.share.denominator]
    if not held:
        return "no review with a date is held"
    first, last = held[0], held[-1]
    if len(held) == 1:
        return f"{share_words(first.share)} of {_the(first.words)}"
    return (
        f"{share_words(first.share)} of {_the(first.words)}, "
        f"{share_words(last.share)} of {_the(last.words)}; {_apart(first, last)}"
    )


def _apart(first: PeriodShare, last: PeriodShare) -> str:
    one, other = first.share.interval, last.share.interval
    if one is None or other is None or (one[0] <= other[1] and other[0] <= one[1]):
        return "their intervals overlap, so these figures do not show a change"
    return (
        "their intervals do not overlap, which may still be a change in what is published "
        "and held rather than in practice"
    )


def _the(period: str) -> str:
    """A decade has an article, a year and a run of years have none."""
    return f"the {period}" if period.endswith("s") else period
