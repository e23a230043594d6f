"""Everything that the report and the gate need to know, measured with one tagger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tag_measures import PairOutcomes, codes_of, given_stance, pair_outcomes
from tag_sets import (
    DEV,
    Coded,
    StancePair,
    TagsTexts,
    read_catalogue,
    read_dev,
    read_off_domain,
    read_stance_pairs,
    tag_texts,
)

from corpus.model import Stance
from nlp.agreement import facet_pairs, kappa, score_labels, top_themes_of
from nlp.codebook import load_codebook
from nlp.evaluate_tags import score_codes
from nlp.tagger import TaggedCode

Found = list[tuple[TaggedCode, ...]]


@dataclass(frozen=True, kw_only=True)
class Scored:
    """One set, what was found in it, and the figures of ``nlp.evaluate_tags``."""

    coded: Coded
    found: Found
    figures: Mapping[str, Any]

    def part(self, group: str) -> Mapping[str, Any]:
        """The figures of one group's passages alone."""
        places = [n for n, name in enumerate(self.coded.groups) if name == group]
        gold = [self.coded.gold[n] for n in places]
        return score_codes(gold, [self.found[n] for n in places])


@dataclass(frozen=True, kw_only=True)
class ReviewScore:
    """How well the digest of one review is read."""

    review: str
    passages: int
    codes: int
    top_f1: float
    stances: int
    """Top themes that both sides have."""
    stance_kappa: float | None


@dataclass(frozen=True, kw_only=True)
class FalseFinding:
    """A passage about another subject in which something was found."""

    text: str
    theme: str
    score: float
    confident: bool


@dataclass(frozen=True, kw_only=True)
class OffDomain:
    """What was found where nothing is to be found."""

    passages: int
    findings: tuple[FalseFinding, ...]
    """The surest of each passage, surest first."""

    @property
    def confident(self) -> int:
        """Passages with a confident finding."""
        return sum(one.confident for one in self.findings)


@dataclass(frozen=True, kw_only=True)
class PairResults:
    """The minimal pairs, read three ways."""

    given: PairOutcomes
    """The theme is given and the head asked for its stance alone."""
    first_set: PairOutcomes
    """The same, on the pairs beside which the rules were written."""
    later: PairOutcomes
    """The same, on the others."""
    tagged: PairOutcomes
    """From end to end, a possible finding counting as an answer."""
    confident: PairOutcomes
    """From end to end, confident findings alone."""


def score_set(coded: Coded, tagger: TagsTexts) -> Scored:
    """Tag a set and score it."""
    found = tag_texts(tagger, coded.texts, coded.kinds)
    return Scored(coded=coded, found=found, figures=score_codes(coded.gold, found))


def score_reviews(scored: Scored) -> list[ReviewScore]:
    """Score each review apart, worst first; those without a code are left out."""
    rollup = load_codebook().rollup
    by_review: dict[str, list[int]] = {}
    for place, review in enumerate(scored.coded.groups):
        by_review.setdefault(review, []).append(place)
    scores = []
    for review, places in by_review.items():
        gold = [scored.coded.gold[n] for n in places]
        found = codes_of([scored.found[n] for n in places])
        pairs = facet_pairs(gold, found, "stance", rollup)
        top = score_labels(
            [top_themes_of(codes, rollup) for codes in gold],
            [top_themes_of(codes, rollup) for codes in found],
        )
        scores.append(
            ReviewScore(
                review=review,
                passages=len(places),
                codes=sum(map(len, gold)),
                top_f1=top.f1,
                stances=len(pairs),
                stance_kappa=kappa(pairs),
            )
        )
    coded = [score for score in scores if score.codes]
    return sorted(coded, key=lambda score: (score.top_f1, -score.codes, score.review))


def measure_off_domain(coded: Coded, tagger: TagsTexts) -> OffDomain:
    """Look for findings in passages about other subjects."""
    found = tag_texts(tagger, coded.texts, coded.kinds)
    findings = []
    for text, codes in zip(coded.texts, found, strict=True):
        best = max(codes, key=lambda one: (one.confident, one.score), default=None)
        if best:
            findings.append(
                FalseFinding(
                    text=text, theme=best.code.theme, score=best.score, confident=best.confident
                )
            )
    findings.sort(key=lambda one: (not one.confident, -one.score))
    return OffDomain(passages=len(coded.texts), findings=tuple(findings))


def measure_pairs(pairs: Sequence[StancePair], tagger: TagsTexts, cut: float) -> PairResults:
    """Ask for the stances of minimal pairs, with the theme given and from end to end.

    Args:
        pairs: the pairs.
        tagger: reads them from end to end.
        cut: with the theme given, a stance whose score does not reach it is an abstention.
    """
    given = stances_on_themes(pairs, cut)
    return PairResults(
        given=_outcomes(pairs, given),
        first_set=_outcomes(pairs, given, first_set=True),
        later=_outcomes(pairs, given, first_set=False),
        **_end_to_end(pairs, tagger),
    )


_Given = Sequence[tuple[Stance | None, Stance | None]]


def _outcomes(
    pairs: Sequence[StancePair], given: "_Given", *, first_set: bool | None = None
) -> PairOutcomes:
    chosen = [
        (pair.stances, one)
        for pair, one in zip(pairs, given, strict=True)
        if first_set is None or (pair.difference == "first set") is first_set
    ]
    return pair_outcomes([stances for stances, _ in chosen], [one for _, one in chosen])


def _end_to_end(pairs: Sequence[StancePair], tagger: TagsTexts) -> dict[str, PairOutcomes]:
    rollup = load_codebook().rollup
    found = tag_texts(
        tagger,
        [text for pair in pairs for text in pair.texts],
        [kind for pair in pairs for kind in pair.kinds],
    )

    def given(*, confident: bool) -> list[tuple[Stance | None, Stance | None]]:
        return [
            (
                given_stance(found[2 * n], pair.theme, rollup, confident=confident),
                given_stance(found[2 * n + 1], pair.theme, rollup, confident=confident),
            )
            for n, pair in enumerate(pairs)
        ]

    return {
        "tagged": _outcomes(pairs, given(confident=False)),
        "confident": _outcomes(pairs, given(confident=True)),
    }


def stances_on_themes(
    pairs: Sequence[StancePair], cut: float
) -> list[tuple[Stance | None, Stance | None]]:
    """Ask the heads for each passage's stance on the pair's theme; ``None`` below the cut."""
    from nlp.embed import shared_encoder
    from nlp.heads import load_heads
    from nlp.pair_features import Pair
    from nlp.pair_scores import score_pairs
    from nlp.reading import read_passages

    readings = read_passages(
        [text for pair in pairs for text in pair.texts],
        [kind for pair in pairs for kind in pair.kinds],
        shared_encoder(),
    )
    asked = [
        Pair(theme=pairs[n // 2].theme, kind=reading.kind, window=reading.windows[0], sentence=0)
        for n, reading in enumerate(readings)
    ]
    stances = [
        one.stance if one.stance_score >= cut else None for one in score_pairs(asked, load_heads())
    ]
    return list(zip(stances[::2], stances[1::2], strict=True))


DEV_FIGURES = (
    "top_theme.micro_f1",
    "top_theme.macro_f1",
    "theme.micro_f1",
    "theme.macro_f1",
    "any_theme.f1",
    "failing.f1",
    "confident.failing.precision",
    "confident.failing.recall",
    "stance.accuracy",
    "stance.kappa",
    "level.accuracy",
    "attribution.accuracy",
)


def look_up(figures: Mapping[str, Any], name: str) -> Any:
    """A figure by its dotted name."""
    value: Any = figures
    for part in name.split("."):
        value = value[part]
    return value


def dev_figures(tagger: TagsTexts, folder: Path = DEV) -> dict[str, float]:
    """The figures on the labelled passages that have a floor."""
    scored = score_set(read_dev(folder), tagger)
    figures = {name: look_up(scored.figures, name) for name in DEV_FIGURES}
    figures["verbatim.top_theme.micro_f1"] = look_up(scored.part("verbatim"), "top_theme.micro_f1")
    return {name: value for name, value in figures.items() if value is not None}


def own_figures(tagger: TagsTexts) -> dict[str, float]:
    """The figures on our own sets that have a floor; of each, more is better."""
    from nlp.tag_settings import load_cuts

    pairs = measure_pairs(read_stance_pairs(), tagger, load_cuts().confident)
    catalogue = score_set(read_catalogue(), tagger).figures
    off_domain = measure_off_domain(read_off_domain(), tagger)
    return {
        "off_domain.clean": 1 - off_domain.confident / off_domain.passages,
        "stance_pairs.given.both_right": pairs.given.both_right,
        "stance_pairs.given.told_apart": 1 - pairs.given.same,
        "stance_pairs.confident.told_apart": 1 - pairs.confident.same,
        "catalogue.top_theme.micro_f1": look_up(catalogue, "top_theme.micro_f1"),
        "catalogue.stance.kappa": look_up(catalogue, "stance.kappa"),
    }
