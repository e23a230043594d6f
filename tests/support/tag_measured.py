"""The figures of the evaluation as data that ships: ``nlp/data/measured.json``."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tag_measures import codes_of
from tag_pages import TARGETS, all_intervals
from tag_results import OffDomain, Scored, look_up
from tag_sets import ROOT

from nlp.agreement import Labels, interval, score_labels, themes_of, top_themes_of
from nlp.codebook import load_codebook
from nlp.measured import NAME
from nlp.tagger import tagger_version

PATH = ROOT / "nlp" / NAME
_DECIMALS = 4


def write_measured(scored: Scored, off_domain: OffDomain, path: Path = PATH) -> None:
    """Write the figures; the date stays as it was where nothing else changed."""
    data = measured_data(scored, off_domain)
    if path.exists():
        held = json.loads(path.read_text(encoding="utf-8"))
        if held | {"measured_on": data["measured_on"]} == data:
            return
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def measured_data(scored: Scored, off_domain: OffDomain) -> dict[str, Any]:
    """Gather what :class:`nlp.measured.Measured` reads."""
    codebook = load_codebook()
    gold, found = scored.coded.gold, codes_of(scored.found)
    intervals = all_intervals(scored)
    tops = [top.theme_id for top in codebook.top_themes]
    themes = [theme.theme_id for theme in codebook.themes]
    return {
        "tagger_version": tagger_version(),
        "codebook_version": codebook.version,
        "measured_on": dt.datetime.now(dt.UTC).date().isoformat(),
        "passages": len(gold),
        "figures": [
            {
                "name": target.name,
                "value": _rounded(look_up(scored.figures, target.figure)),
                "interval": _limits(intervals.get(target.figure)),
                "coders": float(target.coders) if target.coders else None,
            }
            for target in TARGETS
        ],
        "top_themes": _each(
            tops,
            [top_themes_of(codes, codebook.rollup) for codes in gold],
            [top_themes_of(codes, codebook.rollup) for codes in found],
        ),
        "themes": _each(
            themes, [themes_of(codes) for codes in gold], [themes_of(codes) for codes in found]
        ),
        "off_domain": off_domain.passages,
        "off_domain_wrong": off_domain.confident,
    }


def _each(
    names: Sequence[str], wanted: Sequence[Labels], got: Sequence[Labels]
) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = []
    for name in names:
        a, b = [one & {name} for one in wanted], [one & {name} for one in got]
        score, found = score_labels(a, b), sum(map(len, b))

        def f1(draw: Sequence[int], a: list[Labels] = a, b: list[Labels] = b) -> float | None:
            mine, theirs = [a[i] for i in draw], [b[i] for i in draw]
            known = any(mine) or any(theirs)
            return score_labels(mine, theirs).f1 if known else None

        rows.append(
            {
                "theme_id": name,
                "passages": score.support,
                "found": found,
                "precision": _rounded(score.precision) if found else None,
                "recall": _rounded(score.recall) if score.support else None,
                "f1": _rounded(score.f1) if found or score.support else None,
                "interval": _limits(interval(len(a), f1)) if found or score.support else None,
            }
        )
    return rows


def _limits(limits: tuple[float, float] | None) -> list[float] | None:
    return None if limits is None else [_rounded(limits[0]), _rounded(limits[1])]


def _rounded(value: float) -> float:
    return round(float(value), _DECIMALS)
