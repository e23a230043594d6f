"""Scoring search on passages and graded queries from outside the store."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import InvalidInputError
from nlp.analyse import TagsPassages
from nlp.embed import LazyEncoder
from nlp.jsonl import JsonLinesError, read_json_lines, read_passage_file
from nlp.trial_index import RUNS, trial_index

NDCG_DEPTH = 10
RECALL_DEPTH = 50
_GRADES = (1, 2)
_DECIMALS = 4


@dataclass(frozen=True, kw_only=True)
class GradedQuery:
    """One query with the passages that answer it: grade 1 in part, 2 wholly."""

    query_id: str
    text: str
    relevant: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class RankingScores:
    """Means over the scored queries, 0 to 1."""

    ndcg_at_10: float
    """Gain 2^grade - 1, discount log2(rank + 1), over the best possible order."""
    recall_at_50: float
    """Share of the relevant passages, of any grade, among the first 50."""
    mrr: float
    """1 / rank of the first relevant passage; 0 where none was found."""


@dataclass(frozen=True, kw_only=True)
class SearchScores:
    """How well rankings answer the same queries over the same passages."""

    n: int
    """Queries scored."""
    passages: int
    hybrid: RankingScores
    """What is served: words, meaning, themes and stances together."""
    words: RankingScores
    meaning: RankingScores
    untagged: RankingScores
    """Words and meaning together, without themes and stances."""
    spread: RankingScores
    """What is served, as a page shows it: near copies folded. Nobody knows the reviews of
    passages from outside, so that none is held back for another."""
    unanswerable: tuple[str, ...]
    """Ids of queries left out: none of their relevant passages is among the passages."""
    incomplete: tuple[str, ...]
    """Ids of queries scored on those relevant passages that are there, not all."""

    def as_dict(self) -> dict[str, Any]:
        """The JSON shape of ``evaluate search``."""
        return {
            "n": self.n,
            "passages": self.passages,
            "hybrid": vars(self.hybrid).copy(),
            "words": vars(self.words).copy(),
            "meaning": vars(self.meaning).copy(),
            "untagged": vars(self.untagged).copy(),
            "spread": vars(self.spread).copy(),
            "unanswerable": {"n": len(self.unanswerable), "ids": list(self.unanswerable)},
            "incomplete": {"n": len(self.incomplete), "ids": list(self.incomplete)},
        }


def evaluate_search(
    passages: Path, queries: Path, encoder: LazyEncoder, *, tagger: TagsPassages | None = None
) -> SearchScores:
    """Index the passages in a temporary folder and score rankings of every query.

    nDCG is graded: a passage of grade g gains 2^g - 1 (1 or 3), discounted by the
    logarithm of its rank, divided by what the best order would gain.

    Args:
        passages: JSONL ``{"id", "text", "kind"?}``.
        queries: JSONL ``{"id", "query", "relevant": [{"id", "grade"}]}``.
        encoder: loaded once both files were read and found good.
        tagger: tags the passages, so that themes take part; none take part without it.

    Raises:
        InvalidInputError: a file cannot be read, a line is malformed (the sentence names
            file and line), or no query can be scored.
    """
    held = read_passage_file(passages)
    ids = {passage.passage_id for passage in held}
    asked = read_query_file(queries)
    scored = [query for query in asked if query.relevant.keys() & ids]
    if not scored:
        raise InvalidInputError(
            f"{queries.name} holds no query with a relevant passage in {passages.name}."
        )
    with trial_index(held, encoder(), tagger) as trial:
        runs: dict[str, list[list[str]]] = {name: [] for name in RUNS}
        for read in trial.read_all([query.text for query in scored]):
            for name, found in trial.rankings(read.wanted).items():
                runs[name].append(found)
    relevant = [_present(query, ids) for query in scored]
    return SearchScores(
        n=len(scored),
        passages=len(held),
        unanswerable=tuple(q.query_id for q in asked if not q.relevant.keys() & ids),
        incomplete=tuple(q.query_id for q in scored if q.relevant.keys() - ids),
        **{name: score_rankings(runs[name], relevant) for name in RUNS},
    )


def read_query_file(path: Path) -> list[GradedQuery]:
    """Read graded queries, one a line, in order.

    Raises:
        InvalidInputError: the file cannot be read, or a line is malformed or repeats an id.
    """
    queries: dict[str, GradedQuery] = {}
    for line, row in read_json_lines(_read_lines(path), name=path.name):
        query = _read_query(row, path.name, line)
        if query.query_id in queries:
            raise JsonLinesError(path.name, line, f"the id {query.query_id!r} came before.")
        queries[query.query_id] = query
    return list(queries.values())


def score_rankings(
    rankings: Sequence[Sequence[str]], relevant: Sequence[Mapping[str, int]]
) -> RankingScores:
    """Score rankings of ids against grades by id, query by query; at least one query."""
    pairs = list(zip(rankings, relevant, strict=True))
    return RankingScores(
        ndcg_at_10=_mean([_ndcg(ranking, grades) for ranking, grades in pairs]),
        recall_at_50=_mean(
            [
                len(grades.keys() & set(found[:RECALL_DEPTH])) / len(grades)
                for found, grades in pairs
            ]
        ),
        mrr=_mean([_reciprocal_rank(ranking, grades) for ranking, grades in pairs]),
    )


def _present(query: GradedQuery, ids: set[str]) -> dict[str, int]:
    return {one: grade for one, grade in query.relevant.items() if one in ids}


def _read_query(row: Mapping[str, Any], name: str, line: int) -> GradedQuery:
    query_id, text, relevant = row.get("id"), row.get("query"), row.get("relevant")
    if not isinstance(query_id, str) or not query_id:
        raise JsonLinesError(name, line, '"id" must be text.')
    if not isinstance(text, str) or not text.strip():
        raise JsonLinesError(name, line, '"query" must be text.')
    if not isinstance(relevant, list):
        raise JsonLinesError(name, line, '"relevant" must be a list of {"id", "grade"}.')
    grades: dict[str, int] = {}
    for one in relevant:
        if (
            not isinstance(one, dict)
            or not isinstance(one.get("id"), str)
            or type(one.get("grade")) is not int
            or one["grade"] not in _GRADES
        ):
            raise JsonLinesError(name, line, '"relevant" must hold {"id": text, "grade": 1 or 2}.')
        grades[one["id"]] = one["grade"]
    return GradedQuery(query_id=query_id, text=text, relevant=grades)


def _read_lines(path: Path) -> list[str]:
    try:
        # Not splitlines: a JSON string may hold other line ends than this one.
        return path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise InvalidInputError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"{path} is not UTF-8 text.") from error


def _gain(grade: int, rank: int) -> float:
    return float(2**grade - 1) / math.log2(rank + 1)


def _ndcg(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    found = sum(
        _gain(grades.get(one, 0), at) for at, one in enumerate(ranking[:NDCG_DEPTH], start=1)
    )
    ideal = sorted(grades.values(), reverse=True)[:NDCG_DEPTH]
    return found / sum(_gain(grade, at) for at, grade in enumerate(ideal, start=1))


def _reciprocal_rank(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    ranks = (at for at, one in enumerate(ranking, start=1) if one in grades)
    return 1 / next(ranks, math.inf)


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), _DECIMALS)
