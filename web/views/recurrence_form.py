"""The filters of the recurrence page as lists to choose from."""

from dataclasses import dataclass

from web.holdings import Library
from web.recurring import CLOCKS, RecurrenceQuestion
from web.search_form import Option, OptionGroup
from web.whole import all_reviews
from web.words import LEVELS, STANCES, review_type_words

SPANS = {10: "decade", 5: "five years", 1: "year"}


@dataclass(frozen=True, kw_only=True)
class RecurrenceForm:
    """What the lists offer, with what was chosen."""

    themes: tuple[OptionGroup, ...]
    nations: tuple[Option, ...]
    types: tuple[Option, ...]
    stances: tuple[Option, ...]
    levels: tuple[Option, ...]
    clocks: tuple[Option, ...]
    spans: tuple[Option, ...]
    since: str
    until: str
    is_narrowed: bool
    """Whether anything but the clock and the theme was asked for."""


def offer_form(library: Library, question: RecurrenceQuestion) -> RecurrenceForm:
    """Fill the lists; nations and types are those of the reviews held."""
    reviews = all_reviews(library)
    given = question.arguments()
    return RecurrenceForm(
        themes=theme_groups(library, question.theme),
        nations=_options({r.nation: r.nation for r in reviews}, question.nation),
        types=_options(
            {r.review_type: review_type_words(r.review_type) for r in reviews}, question.type
        ),
        stances=tuple(
            Option(value=s.value, label=words.label, chosen=s is question.stance)
            for s, words in STANCES.items()
        ),
        levels=tuple(
            Option(value=level.value, label=label.capitalize(), chosen=level is question.level)
            for level, label in LEVELS.items()
        ),
        clocks=tuple(
            Option(value=c.value, label=label.capitalize(), chosen=c is question.clock)
            for c, label in CLOCKS.items()
        ),
        spans=tuple(
            Option(value=str(s), label=f"By {label}", chosen=s == question.span)
            for s, label in SPANS.items()
        ),
        since=given.get("from", ""),
        until=given.get("to", ""),
        is_narrowed=bool(set(given) - {"theme", "clock"}),
    )


def theme_groups(library: Library, chosen: str | None) -> tuple[OptionGroup, ...]:
    """List the themes under their top themes."""
    codebook = library.codebook
    return tuple(
        OptionGroup(
            label=top.label,
            options=(
                Option(
                    value=top.theme_id, label=f"{top.label}: all", chosen=top.theme_id == chosen
                ),
                *(
                    Option(value=t, label=codebook.theme(t).label, chosen=t == chosen)
                    for t in top.theme_ids
                ),
            ),
        )
        for top in codebook.top_themes
    )


def _options(labels: dict[str, str], chosen: str | None) -> tuple[Option, ...]:
    return tuple(
        Option(value=value, label=labels[value], chosen=value == chosen) for value in sorted(labels)
    )
