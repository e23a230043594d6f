"""Run an attempt at tagging again: python tests/evals/attempts.py NAME … | --all | --list.

Each learns from the training passages that ship, without those that tuning never sees, and is
scored on the labelled passages beside the project. ``--all`` runs every one and writes the table
of docs/evaluation.md, together with the attempts of attempts_before.toml, which are commands of
their own. What was measured is kept in attempts.json; ``--keep`` keeps that of single ones too,
and ``--table`` writes the table from it.
"""

import argparse
import json
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from attempt_figures import Learn, f1_of
from attempt_stances import STANCE_ATTEMPTS, StanceAttempt, measure_stance
from attempt_study import Study
from attempt_themes import THEME_ATTEMPTS, ThemeAttempt
from attempt_tuned import TUNED_ATTEMPTS, TunedAttempt, measure_tuned
from markdown import number, set_block, table
from tag_sets import ABSENT, ROOT, has_dev, read_dev, read_stance_pairs

from nlp.embed import Vectors, set_threads, shared_encoder
from nlp.training_rows import load_training_rows

PAGE = ROOT / "docs" / "evaluation.md"
RESULTS = Path(__file__).with_name("attempts.json")
BEFORE = Path(__file__).with_name("attempts_before.toml")
Attempt = ThemeAttempt | TunedAttempt | StanceAttempt
_ALL: tuple[Attempt, ...] = (*THEME_ATTEMPTS, *TUNED_ATTEMPTS, *STANCE_ATTEMPTS)
ATTEMPTS = {each.name: each for each in _ALL}
HEADS = (
    "attempt",
    "command",
    "rows",
    "top theme",
    "sub-theme",
    "stance kappa",
    "one stance for both",
    "seconds",
)
PARTS = {"themes": ThemeAttempt, "tuned": TunedAttempt, "stances": StanceAttempt}
"""The parts of the table, in order."""

Measured = dict[str, float]


def measure(attempt: Attempt, study: Study) -> Measured:
    """Learn and score; the figures by name."""
    rows = {"rows": len(study.rows)}
    if isinstance(attempt, TunedAttempt):
        reached = measure_tuned(attempt, study, shared_encoder(), read_stance_pairs())
        own = {"rows": reached.rows, "kappa": reached.kappa, "same": reached.same}
        return {**own, **_f1s(reached.scores, study, None), "seconds": reached.seconds}
    if isinstance(attempt, StanceAttempt):
        (right, kappa), seconds = measure_stance(attempt, study)
        return {**rows, "accuracy": right, "kappa": kappa, "seconds": seconds}
    scored = attempt.score(study)
    learn = attempt.learn(study) if attempt.learn else None
    return {**rows, **_f1s(scored.scores, study, learn), "seconds": scored.seconds}


def _f1s(scores: Vectors, study: Study, learn: Learn | None) -> Measured:
    top = f1_of(scores, study.gold, top=True, learn=learn)
    sub = f1_of(scores, study.gold, top=False, learn=learn)
    return {
        "top": top.best,
        "top_divided": top.divided,
        "sub": sub.best,
        "sub_divided": sub.divided,
    }


def attempts_table(measured: Mapping[str, Measured], before: Sequence[Mapping[str, Any]]) -> str:
    """One table: what was measured, and after it in each part what was noted earlier."""
    rows = []
    for part, kind in PARTS.items():
        rows += [
            _row(each, measured[name])
            for name, each in ATTEMPTS.items()
            if name in measured and isinstance(each, kind)
        ]
        rows += [_row_before(each) for each in before if each["part"] == part]
    return table(HEADS, rows)


def _row(attempt: Attempt, own: Measured) -> tuple[str, ...]:
    stance = isinstance(attempt, StanceAttempt)
    return (
        f"stance, themes given: {attempt.says}" if stance else attempt.says,
        f"`attempts.py {attempt.name}`",
        f"{own['rows']:,.0f}",
        _twice(own, "top") if "top" in own else "",
        _twice(own, "sub") if "sub" in own else "",
        _agreement(own) if "kappa" in own else "",
        number(own["same"]) if "same" in own else "",
        f"{own['seconds']:,.0f}",
    )


def _agreement(own: Measured) -> str:
    accuracy = f" (accuracy {number(own['accuracy'])})" if "accuracy" in own else ""
    return f"{number(own['kappa'])}{accuracy}"


def _row_before(each: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        each["says"],
        f"`{each['command']}`",
        f"{each['rows']:,}",
        each.get("top", ""),
        each.get("sub", ""),
        each.get("kappa", ""),
        each.get("same", ""),
        each.get("seconds", ""),
    )


def _twice(own: Measured, name: str) -> str:
    return f"{number(own[name])} ({number(own[f'{name}_divided'])})"


def read_before() -> list[dict[str, Any]]:
    """The attempts that are trainings of half an hour or tools of their own."""
    return list(tomllib.loads(BEFORE.read_text(encoding="utf-8"))["attempt"])


def write_table(page: Path = PAGE) -> None:
    """Write the table from what is kept."""
    held = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    text = set_block(
        page.read_text(encoding="utf-8"), "attempts", attempts_table(held, read_before())
    )
    page.write_text(text, encoding="utf-8")


def _keep(name: str, own: Measured) -> None:
    held = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    held[name] = {key: round(value, 4) for key, value in own.items()}
    ordered = {each: held[each] for each in ATTEMPTS if each in held}
    RESULTS.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="attempts to run again")
    parser.add_argument("--all", action="store_true", help="run all, and write the table")
    parser.add_argument("--keep", action="store_true", help="keep what is measured")
    parser.add_argument("--list", action="store_true", help="list the attempts")
    parser.add_argument("--table", action="store_true", help="write the table from what is kept")
    asked = parser.parse_args(arguments)
    if unknown := sorted(set(asked.names) - set(ATTEMPTS)):
        parser.error(f"no attempt is called {', '.join(unknown)}; --list names them all.")
    if asked.list:
        for each in ATTEMPTS.values():
            sys.stdout.write(f"{each.name:20} {each.says}\n")
        return 0
    names = list(ATTEMPTS) if asked.all else asked.names
    if names and not has_dev():
        sys.stderr.write(f"{ABSENT}, so nothing can be scored.\n")
        return 1
    if names:
        _run(names, keep=asked.all or asked.keep)
    if asked.all or asked.table:
        write_table()
    elif not names:
        parser.error("name an attempt, or give --all, --list or --table.")
    return 0


def _run(names: Sequence[str], *, keep: bool) -> None:
    from threadpoolctl import threadpool_limits

    set_threads(1)
    study = Study(load_training_rows(), read_dev(), shared_encoder)
    with threadpool_limits(limits=1):
        for name in names:
            own = measure(ATTEMPTS[name], study)
            figures = ", ".join(f"{key} {value:.2f}" for key, value in own.items())
            sys.stdout.write(f"{name}: {figures}\n")
            sys.stdout.flush()
            if keep:
                _keep(name, own)


if __name__ == "__main__":
    sys.exit(main())
