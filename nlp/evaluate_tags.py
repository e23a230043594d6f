"""Scoring the tagger on passages that coders have labelled."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import InvalidInputError
from corpus.model import Code
from nlp.agreement import (
    Labels,
    Score,
    accuracy,
    any_of,
    facet_pairs,
    failing_of,
    interval,
    kappa,
    macro_f1,
    score_each,
    score_labels,
    themes_of,
    top_themes_of,
)
from nlp.codebook import load_codebook
from nlp.jsonl import InputPassage, LabelledPassage, read_label_file, read_passage_file
from nlp.tagger import TaggedCode, Tagger

_BATCH = 64


@dataclass(frozen=True, kw_only=True)
class TagScores:
    """Every figure of one evaluation; ``as_dict`` is what ``--json`` prints."""

    n: int
    figures: Mapping[str, Any]
    passages_per_second: float | None
    tagger_version: str | None
    codebook_version: str

    def as_dict(self) -> dict[str, Any]:
        """The figures as one JSON document."""
        return {
            "n": self.n,
            **self.figures,
            "passages_per_second": self.passages_per_second,
            "tagger_version": self.tagger_version,
            "codebook_version": self.codebook_version,
        }


def evaluate_tags(gold: Path, passages: Path, tagger: Tagger) -> TagScores:
    """Tag the labelled passages of a file and score the result.

    Args:
        gold: JSONL labels (design: ``{"id", "codes", "on_topic"}``).
        passages: JSONL passages; those without a label are not tagged or scored.
        tagger: what is scored.

    Raises:
        InvalidInputError: a file cannot be read, a line is malformed, a label names an
            unknown theme, or no passage is labelled.
    """
    labels = {label.passage_id: label for label in read_label_file(gold)}
    chosen = [each for each in read_passage_file(passages) if each.passage_id in labels]
    if not chosen:
        raise InvalidInputError(f"No passage of {passages.name} has a label in {gold.name}.")
    _check_themes(list(labels.values()), gold.name)
    tagger.tag([chosen[0].text], [chosen[0].kind])  # load the encoder before the clock starts
    started = time.perf_counter()
    tagged = _tag(chosen, tagger)
    seconds = time.perf_counter() - started
    return TagScores(
        n=len(chosen),
        figures=score_codes([labels[each.passage_id].codes for each in chosen], tagged),
        passages_per_second=len(chosen) / seconds,
        tagger_version=tagger.version,
        codebook_version=load_codebook().version,
    )


def score_codes(
    gold: Sequence[Sequence[Code]], tagged: Sequence[Sequence[TaggedCode]]
) -> dict[str, Any]:
    """Score tagged codes against gold; both one entry a passage, in the same order.

    Returns:
        Nested figures: ``theme``, ``top_theme``, ``any_theme``, ``failing`` and
        ``confident.failing`` with precision, recall and F1; ``stance``, ``level`` and
        ``attribution`` on the top themes that both sides have; ``per_theme`` and
        ``per_top_theme``; ``intervals`` at 95%, from 1,000 draws of passages.
    """
    rollup = load_codebook().rollup
    found = [[one.code for one in codes] for codes in tagged]
    sure = [[one.code for one in codes if one.confident] for codes in tagged]
    views = _views(gold, found, sure, rollup)
    each_theme, each_top = score_each(*views["theme"]), score_each(*views["top_theme"])
    facets = {facet: facet_pairs(gold, found, facet, rollup) for facet in _FACETS}
    return {
        "theme": _micro_macro(views["theme"], each_theme),
        "top_theme": _micro_macro(views["top_theme"], each_top),
        "any_theme": score_labels(*views["any_theme"]).as_dict(),
        "failing": score_labels(*views["failing"]).as_dict(),
        "confident": {"failing": score_labels(*views["confident.failing"]).as_dict()},
        **{facet: _agreement(pairs) for facet, pairs in facets.items()},
        "per_theme": {name: score.as_dict() for name, score in each_theme.items()},
        "per_top_theme": {name: score.as_dict() for name, score in each_top.items()},
        "intervals": _intervals(views, gold, found, rollup),
    }


_FACETS = ("stance", "level", "attribution")
_Side = list[Labels]
_Paired = list[list[tuple[str, str]]]
_Figure = Callable[[Sequence[tuple[str, str]]], float | None]
_FACET_FIGURES: tuple[tuple[str, str, _Figure], ...] = (
    ("stance", "accuracy", accuracy),
    ("stance", "kappa", kappa),
    ("level", "accuracy", accuracy),
    ("attribution", "accuracy", accuracy),
)
_View = tuple[list[Labels], list[Labels]]


def _views(
    gold: Sequence[Sequence[Code]],
    found: Sequence[Sequence[Code]],
    sure: Sequence[Sequence[Code]],
    rollup: Mapping[str, str],
) -> dict[str, _View]:
    return {
        "theme": ([themes_of(each) for each in gold], [themes_of(each) for each in found]),
        "top_theme": (
            [top_themes_of(each, rollup) for each in gold],
            [top_themes_of(each, rollup) for each in found],
        ),
        "any_theme": ([any_of(each) for each in gold], [any_of(each) for each in found]),
        "failing": (
            [failing_of(each, rollup) for each in gold],
            [failing_of(each, rollup) for each in found],
        ),
        "confident.failing": (
            [failing_of(each, rollup) for each in gold],
            [failing_of(each, rollup) for each in sure],
        ),
    }


def _micro_macro(view: _View, each: Mapping[str, Score]) -> dict[str, float | None]:
    pooled = score_labels(*view)
    return {
        "micro_precision": pooled.precision,
        "micro_recall": pooled.recall,
        "micro_f1": pooled.f1,
        "macro_f1": macro_f1(each),
        "support": pooled.support,
    }


def _agreement(pairs: Sequence[tuple[str, str]]) -> dict[str, float | None]:
    return {"n": len(pairs), "accuracy": accuracy(pairs), "kappa": kappa(pairs)}


def _intervals(
    views: Mapping[str, _View],
    gold: Sequence[Sequence[Code]],
    found: Sequence[Sequence[Code]],
    rollup: Mapping[str, str],
) -> dict[str, tuple[float, float] | None]:
    names = {"theme": "theme.micro_f1", "top_theme": "top_theme.micro_f1"}
    result = {}
    for view, (wanted, got) in views.items():

        def f1(draw: Sequence[int], wanted: _Side = wanted, got: _Side = got) -> float:
            return score_labels([wanted[i] for i in draw], [got[i] for i in draw]).f1

        result[names.get(view, f"{view}.f1")] = interval(len(gold), f1)
    for facet, name, figure in _FACET_FIGURES:
        pairs = [
            facet_pairs([mine], [theirs], facet, rollup)
            for mine, theirs in zip(gold, found, strict=True)
        ]

        def agreed(
            draw: Sequence[int], pairs: _Paired = pairs, figure: _Figure = figure
        ) -> float | None:
            return figure([pair for i in draw for pair in pairs[i]])

        result[f"{facet}.{name}"] = interval(len(gold), agreed)
    return result


def _tag(passages: Sequence[InputPassage], tagger: Tagger) -> list[tuple[TaggedCode, ...]]:
    tagged: list[tuple[TaggedCode, ...]] = []
    for start in range(0, len(passages), _BATCH):
        batch = passages[start : start + _BATCH]
        results = tagger.tag([each.text for each in batch], [each.kind for each in batch])
        tagged += [result.codes for result in results]
    return tagged


def _check_themes(labels: Sequence[LabelledPassage], name: str) -> None:
    known = load_codebook().rollup
    for label in labels:
        for code in label.codes:
            if code.theme not in known:
                raise InvalidInputError(
                    f"{name}: passage {label.passage_id!r} has the theme {code.theme!r}, "
                    "which is no sub-theme of the codebook. List them with: throughline themes"
                )
