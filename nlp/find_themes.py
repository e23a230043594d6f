"""From readings to findings: themes above the cut, their evidence, support and facets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from corpus.model import Attribution, Kind, Level, Span, Stance
from nlp.codebook import load_codebook
from nlp.cues import CueMatch
from nlp.embed import Vectors
from nlp.field import speaks_of_the_field
from nlp.heads import Heads, PassageHeads, load_heads
from nlp.language import is_english
from nlp.pair_features import Pair
from nlp.pair_scores import PairScores, score_pairs
from nlp.reading import Reading, Window
from nlp.tag_settings import Cuts, load_cuts
from nlp.theme_scores import ThemeScores, find_evidence, score_themes

OTHER_LANGUAGE = "other-language"
NO_WORDS = "no-words"
RESIDUAL = "information-sharing-unspecified"
MOST_THEMES = 4
"""A passage may carry none to four themes (codebook, section 1)."""


@dataclass(frozen=True, kw_only=True)
class ThemeFinding:
    """One theme in one passage, before or after its facets are decided."""

    theme: str
    score: float
    """The theme's calibrated score, 0 to 1."""
    certainty: float
    """How sure its top theme is, 0 to 1: the scores of its sub-themes added up."""
    leads: bool
    """No other finding of the passage under the same top theme scores higher."""
    confident: bool
    evidence: Span
    """The sentence that drives the score: ``text[start:end]`` is verbatim."""
    support: tuple[str, ...]
    """Ids of cues and signals in the evidence, then ``training:`` and the nearest row."""
    window: int
    """The window that gave the score."""
    sentence: int
    """The evidence's place among the window's sentences."""
    stance: Stance | None = None
    """``None`` until ``throughline_stance`` has decided it; so are the next two."""
    level: Level | None = None
    attribution: Attribution | None = None


@dataclass(frozen=True, kw_only=True)
class PassageThemes:
    """What was found in one passage."""

    findings: tuple[ThemeFinding, ...]
    """In codebook order; empty when no theme reaches the cut."""
    untagged: str | None
    """Why the passage was not read: ``other-language`` or ``no-words``."""
    scores: Mapping[str, float]
    """Every theme's calibrated score, found or not; empty where it was not read."""


def find_themes(
    readings: Sequence[Reading], cues: Sequence[Sequence[CueMatch]]
) -> list[PassageThemes]:
    """Find each passage's themes; same order.

    Args:
        readings: the passages.
        cues: the cues found in each, for the support of its findings; may be empty.
    """
    found: list[tuple[int, PassageThemes]] = []
    for heads, places in load_heads().apart([reading.text for reading in readings]):
        own = _find([readings[each] for each in places], [cues[each] for each in places], heads)
        found += zip(places, own, strict=True)
    return [themes for _, themes in sorted(found, key=lambda each: each[0])]


def _find(
    readings: Sequence[Reading], cues: Sequence[Sequence[CueMatch]], heads: PassageHeads
) -> list[PassageThemes]:
    cuts = load_cuts()
    reasons = [_untagged(reading.text) for reading in readings]
    scores = score_themes(readings, heads.theme)
    chosen = [
        [] if reason else choose_themes(each.scores, heads.theme.themes, cuts)
        for reason, each in zip(reasons, scores, strict=True)
    ]
    evidence = iter(_evidence(readings, scores, chosen, heads))
    nearest = _nearest_rows(readings, load_heads())
    return [
        PassageThemes(
            findings=tuple(
                _finding(
                    index=index,
                    chosen=indices,
                    scores=each.scores,
                    window=each.windows[index],
                    evidence=next(evidence),
                    cues=found,
                    row=row,
                )
                for index in indices
            ),
            untagged=reason,
            scores={} if reason else _scores(each, heads),
        )
        for reason, each, indices, found, row in zip(
            reasons, scores, chosen, cues, nearest, strict=True
        )
    ]


def decide_facets(
    passages: Sequence[tuple[Reading, Sequence[ThemeFinding]]],
) -> list[tuple[ThemeFinding, ...]]:
    """Decide stance, level and attribution of every finding; same order.

    A finding is confident when it leads its top theme, and the stance alone, and top theme
    and stance together, reach their cuts: which of two neighbours is meant is less sure than
    that one is. The residual never is, nor a passage without any word of the field; in a
    document of no known kind the cut is harder to reach.
    """
    decided: list[tuple[int, tuple[ThemeFinding, ...]]] = []
    for heads, places in load_heads().apart([reading.text for reading, _ in passages]):
        own = _decide([passages[each] for each in places], heads)
        decided += zip(places, own, strict=True)
    return [findings for _, findings in sorted(decided, key=lambda each: each[0])]


def _decide(
    passages: Sequence[tuple[Reading, Sequence[ThemeFinding]]], heads: PassageHeads
) -> list[tuple[ThemeFinding, ...]]:
    cuts = load_cuts()
    pairs = [
        Pair(
            theme=finding.theme,
            kind=reading.kind,
            window=reading.windows[finding.window],
            sentence=finding.sentence,
        )
        for reading, findings in passages
        for finding in findings
    ]
    decided = iter(score_pairs(pairs, heads))
    return [
        tuple(_completed(finding, next(decided), reading, cuts) for finding in findings)
        for reading, findings in passages
    ]


def _completed(
    finding: ThemeFinding, facets: PairScores, reading: Reading, cuts: Cuts
) -> ThemeFinding:
    *cues, row = finding.support
    trust = cuts.unknown_kind if reading.kind is Kind.OTHER else 1.0
    together = finding.certainty * facets.stance_score * trust
    sure = together >= cuts.confident and facets.stance_score >= cuts.sure_stance
    may_be = finding.leads and finding.theme != RESIDUAL and speaks_of_the_field(reading.text)
    return replace(
        finding,
        stance=facets.stance,
        level=facets.level,
        attribution=facets.attribution,
        confident=sure and may_be,
        support=(*cues, *facets.rules, row),
    )


def choose_themes(scores: Vectors, themes: Sequence[str], cuts: Cuts) -> list[int]:
    """Choose a passage's themes by the codebook's rules of combination.

    At most ``MOST_THEMES``, the best ones. The residual never goes with a mechanism: of
    the two the better scored stays.

    Args:
        scores: every theme's calibrated score.
        themes: the themes that the scores are of.
        cuts: where the best theme and where further ones become possible findings.

    Returns:
        Places among ``themes``, in their order.
    """
    order = [int(each) for each in np.argsort(-scores, kind="stable")]
    best = [
        each
        for place, each in enumerate(order)
        if scores[each] >= (cuts.further if place else cuts.possible)
    ]
    codebook = load_codebook()
    mechanisms = [each for each in best if codebook.theme(themes[each]).sort == "mechanism"]
    if mechanisms and themes[mechanisms[0]] == RESIDUAL:
        best = [each for each in best if each not in mechanisms[1:]]
    else:
        best = [each for each in best if themes[each] != RESIDUAL]
    return sorted(best[:MOST_THEMES])


def _scores(scores: ThemeScores, heads: PassageHeads) -> dict[str, float]:
    return dict(zip(heads.theme.themes, scores.scores.tolist(), strict=True))


def _untagged(text: str) -> str | None:
    if not any(character.isalpha() for character in text):
        return NO_WORDS
    return None if is_english(text) else OTHER_LANGUAGE


def _evidence(
    readings: Sequence[Reading],
    scores: Sequence[ThemeScores],
    chosen: Sequence[Sequence[int]],
    heads: PassageHeads,
) -> list[tuple[int, Span]]:
    asked: list[tuple[Window, int]] = [
        (reading.windows[each.windows[index]], index)
        for reading, each, indices in zip(readings, scores, chosen, strict=True)
        for index in indices
    ]
    return find_evidence(asked, heads.theme)


def _nearest_rows(readings: Sequence[Reading], heads: Heads) -> list[str]:
    if not readings:
        return []
    vectors = np.stack([reading.windows[0].states.mean() for reading in readings])
    likeness = (vectors @ heads.row_axes.T) @ heads.row_vectors.T.astype(np.float32)
    return [heads.row_ids[int(index)] for index in likeness.argmax(axis=1)]


def _finding(
    *,
    index: int,
    chosen: Sequence[int],
    scores: Vectors,
    window: int,
    evidence: tuple[int, Span],
    cues: Sequence[CueMatch],
    row: str,
) -> ThemeFinding:
    sentence, span = evidence
    themes, siblings = _themes(), _siblings()[index]
    score, certainty = float(scores[index]), min(1.0, float(scores[siblings].sum()))
    leads = all(scores[other] <= scores[index] for other in chosen if other in siblings)
    own = [cue.cue_id for cue in cues if cue.theme_id == themes[index]]
    return ThemeFinding(
        theme=themes[index],
        score=score,
        certainty=certainty,
        leads=leads,
        confident=leads and certainty >= load_cuts().confident and themes[index] != RESIDUAL,
        evidence=span,
        support=(*dict.fromkeys(own), f"training:{row}"),
        window=window,
        sentence=sentence,
    )


@cache
def _themes() -> tuple[str, ...]:
    return load_heads().theme.themes


@cache
def _siblings() -> tuple[list[int], ...]:
    """For each theme, the places of all themes under its top theme."""
    rollup = load_codebook().rollup
    tops = [rollup[theme] for theme in _themes()]
    return tuple([place for place, top in enumerate(tops) if top == own] for own in tops)
