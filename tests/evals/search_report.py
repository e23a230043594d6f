"""Renew the part of docs/evaluation.md on search: python tests/evals/search_report.py.

What rests on the labelled passages beside the project is renewed where they are there; their
texts are never written anywhere, and the queries name them by id alone.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from markdown import number, set_block, span, table
from search_measures import (
    HALVES,
    Answered,
    AskedQuery,
    ask_all,
    collections,
    gain_interval,
    scores_of,
)
from tag_sets import ABSENT, ROOT

from nlp.embed import set_threads, shared_encoder
from nlp.tagger import load_tagger, tagger_version

PAGE = ROOT / "docs" / "evaluation.md"
RUNS = (
    "words",
    "meaning",
    "ranks fused",
    "words and meaning",
    "meaning and themes",
    "and themes",
    "served",
)
BOTH = {"catalogue", "labelled"}


def main() -> None:
    """Renew the page."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    set_threads(2)
    passages = collections()
    if passages.keys() != BOTH:
        sys.stdout.write(f"{ABSENT}, so the part on search stays as it was.\n")
        return
    answered, cuts = ask_all(passages, shared_encoder(), load_tagger())
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(set_block(page, "search", search_part(answered, cuts)), encoding="utf-8")
    sys.stdout.write("docs/evaluation.md: search renewed.\n")


def search_part(
    answered: Sequence[Answered], cuts: Mapping[str, Sequence[tuple[AskedQuery, bool]]]
) -> str:
    """Write the measured part."""
    low, high = (
        span(gain_interval(answered, "served", "ranks fused", figure))
        for figure in ("ndcg_at_10", "recall_at_50")
    )
    gained = (
        f"Over the fusion of both ranks, what is served gains {low} in nDCG@10 and {high} in "
        "recall@50 (95% intervals, drawing queries)."
    )
    return "\n\n".join(
        [
            f"*Tagger {tagger_version()}; {len(answered)} queries.*",
            _ablation(answered),
            gained,
            "### By how it is asked",
            _by_sort(answered),
            "### Nothing good found",
            _cut_table(cuts),
        ]
    )


def _ablation(answered: Sequence[Answered]) -> str:
    parts = [(name, half) for name in sorted(BOTH) for half in HALVES]
    heads = ["ranked by", *(f"{name}, {half}" for name, half in parts), "all"]
    rows = []
    for run in RUNS:
        cells = [_cell(_part(answered, *part), run) for part in parts]
        rows.append([f"**{run}**" if run == "served" else run, *cells, _cell(answered, run)])
    counts = (len(_part(answered, *part)) for part in parts)
    rows.append(["queries", *(str(count) for count in counts), str(len(answered))])
    return f"nDCG@10 / recall@50:\n\n{table(heads, rows)}"


def _part(answered: Sequence[Answered], name: str, half: str) -> list[Answered]:
    return [one for one in answered if (one.query.collection, one.query.half) == (name, half)]


def _by_sort(answered: Sequence[Answered]) -> str:
    sorts = sorted({one.query.sort for one in answered})
    rows = []
    for sort in sorts:
        kept = [one for one in answered if one.query.sort == sort]
        cells = [_cell(kept, run) for run in ("words", "meaning", "served")]
        rows.append([sort, len(kept), *cells])
    return table(["asked as", "queries", "words", "meaning", "served"], rows)


def _cut_table(cuts: Mapping[str, Sequence[tuple[AskedQuery, bool]]]) -> str:
    rows = []
    for name, asked in sorted(cuts.items()):
        for half in HALVES:
            off = [said for query, said in asked if query.half == half and not query.grades]
            on = [said for query, said in asked if query.half == half and query.grades]
            rows.append([name, half, _share(off), len(off), _share(on), len(on)])
    heads = ["collection", "half", "off-domain, told so", "of", "answerable, told so", "of"]
    return table(heads, rows)


def _share(said: Sequence[bool]) -> str:
    return number(sum(said) / len(said)) if said else "–"


def _cell(answered: Sequence[Answered], run: str) -> str:
    _, scores = scores_of(answered, run)
    if scores is None:
        return "–"
    return f"{number(scores.ndcg_at_10)} / {number(scores.recall_at_50)}"


if __name__ == "__main__":
    main()
