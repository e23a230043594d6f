"""The figures of search: graded queries over the catalogue and the labelled passages."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from tag_sets import DEV, EVALS, PASSAGES

from corpus.catalogue.load import load_catalogue
from corpus.model import Kind
from nlp.agreement import interval
from nlp.analyse import TagsPassages
from nlp.embed import Encoder
from nlp.evaluate_search import RankingScores, score_rankings
from nlp.jsonl import InputPassage, read_passage_file
from nlp.nearness_cut import is_nothing_good
from nlp.rank import Ranking, Wanted
from nlp.trial_index import Read, TrialIndex, trial_index

QUERIES = EVALS / "search_queries.jsonl"
HALVES = ("dev", "held-out")
RRF_K = 60


@dataclass(frozen=True, kw_only=True)
class AskedQuery:
    """One line of the queries file."""

    query_id: str
    text: str
    sort: str
    """How it is asked: ``mechanism``, ``theme``, ``colloquial`` …, or ``off-domain``."""
    collection: str
    half: str
    """Weights were chosen on ``dev``; ``held-out`` was looked at twice."""
    grades: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A query with the ids that each run ranked, best first."""

    query: AskedQuery
    runs: Mapping[str, Sequence[str]]


def read_queries(path: Path = QUERIES) -> list[AskedQuery]:
    """Read the queries, in order."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        AskedQuery(
            query_id=row["id"],
            text=row["query"],
            sort=row["type"],
            collection=row["collection"],
            half=row["half"],
            grades={one["id"]: one["grade"] for one in row["relevant"]},
        )
        for row in rows
    ]


def catalogue_passages() -> list[InputPassage]:
    """The shipped catalogue's findings as plain passages: ``review#number``."""
    return [
        InputPassage(
            passage_id=f"{entry.review.review_id}#{passage.paragraph}",
            text=passage.text,
            kind=Kind.OTHER,
        )
        for entry in load_catalogue()
        for passage in entry.passages
    ]


def collections(dev: Path = DEV) -> dict[str, list[InputPassage]]:
    """The passages to search, by collection; the labelled ones only where they are there."""
    found = {"catalogue": catalogue_passages()}
    if (dev / PASSAGES).exists():
        found["labelled"] = read_passage_file(dev / PASSAGES)
    return found


def ask_all(
    passages: Mapping[str, Sequence[InputPassage]], encoder: Encoder, tagger: TagsPassages
) -> tuple[list[Answered], dict[str, list[tuple[AskedQuery, bool]]]]:
    """Ask every query of its collection.

    Returns:
        The answers, and for each collection every query, those off-domain too, with
        whether nothing good was said to be there.
    """
    queries = read_queries()
    answered: list[Answered] = []
    cuts: dict[str, list[tuple[AskedQuery, bool]]] = {}
    for name, held in passages.items():
        ids = {one.passage_id for one in held}
        with trial_index(held, encoder, tagger) as trial:
            asked = [query for query in queries if query.collection in (name, "none")]
            for query, read in zip(
                asked, trial.read_all([query.text for query in asked]), strict=True
            ):
                whole = trial.rank(read.wanted)
                nothing = is_nothing_good(whole, read.about, meaning=True)
                cuts.setdefault(name, []).append((query, nothing))
                grades = {one: grade for one, grade in query.grades.items() if one in ids}
                if grades:
                    kept = replace(query, grades=grades)
                    answered.append(Answered(query=kept, runs=all_runs(trial, read, whole)))
    return answered, cuts


def all_runs(trial: TrialIndex, read: Read, whole: Ranking) -> dict[str, list[str]]:
    """Rank for the ablation: what is served, ``whole``, and what it is made of."""
    wanted = read.wanted
    runs = trial.rankings(wanted, whole)
    return {
        "words": runs["words"],
        "meaning": runs["meaning"],
        "ranks fused": _fused([runs["words"], runs["meaning"]]),
        "words and meaning": runs["untagged"],
        "meaning and themes": _ids(trial, replace(wanted, words=None, stances=())),
        "and themes": _ids(trial, replace(wanted, stances=())),
        "served": runs["hybrid"],
    }


def scores_of(answered: Sequence[Answered], run: str) -> tuple[int, RankingScores | None]:
    """How many queries there are, and the means over them; none where there are none."""
    if not answered:
        return 0, None
    grades = [one.query.grades for one in answered]
    return len(answered), score_rankings([one.runs[run] for one in answered], grades)


def gain_interval(
    answered: Sequence[Answered], run: str, over: str, figure: str
) -> tuple[float, float] | None:
    """The 95% interval of what a run gains over another, drawing queries."""
    each = {
        name: [
            getattr(score_rankings([one.runs[name]], [one.query.grades]), figure)
            for one in answered
        ]
        for name in (run, over)
    }
    gains = np.array(each[run]) - np.array(each[over])
    return interval(len(gains), lambda draw: float(gains[list(draw)].mean()))


def search_figures(answered: Sequence[Answered]) -> dict[str, float]:
    """The figures that have floors: served, both halves together."""
    _, served = scores_of(answered, "served")
    assert served is not None
    figures = {"ndcg_at_10": served.ndcg_at_10, "recall_at_50": served.recall_at_50}
    for part in ("words", "meaning"):
        _, alone = scores_of(answered, part)
        assert alone is not None
        figures[f"ndcg_over_{part}"] = served.ndcg_at_10 - alone.ndcg_at_10
    return figures


def _ids(trial: TrialIndex, wanted: Wanted) -> list[str]:
    return trial.ids(trial.rank(wanted))


def _fused(rankings: Sequence[Sequence[str]]) -> list[str]:
    scores: dict[str, float] = {}
    for ranking in rankings:
        for place, one in enumerate(ranking, start=1):
            scores[one] = scores.get(one, 0.0) + 1 / (RRF_K + place)
    return sorted(scores, key=lambda one: (-scores[one], one))
