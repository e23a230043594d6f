"""``throughline evaluate``: score tagging or search on passages labelled elsewhere."""

from pathlib import Path
from typing import Any

import click

from nlp.embed import set_threads, shared_encoder
from nlp.evaluate_search import evaluate_search
from nlp.evaluate_tags import evaluate_tags
from nlp.tagger import load_tagger
from web.commands.options import json_option, print_json, settings_for

_file = click.Path(path_type=Path)


@click.group("evaluate")
def command() -> None:
    """Score tagging or search on passages labelled elsewhere."""


@command.command("tags")
@click.option("--gold", required=True, type=_file, help="Labels, JSONL.")
@click.option("--passages", required=True, type=_file, help="Passages, JSONL.")
@json_option
def tags(gold: Path, passages: Path, as_json: bool) -> None:
    """Score the tagger on passages that coders have labelled."""
    set_threads(settings_for(None).analyse_threads)
    scores = evaluate_tags(gold=gold, passages=passages, tagger=load_tagger()).as_dict()
    _print(scores, as_json=as_json)


@command.command("search")
@click.option("--passages", required=True, type=_file, help="Passages, JSONL.")
@click.option("--queries", required=True, type=_file, help="Queries with relevant ids, JSONL.")
@json_option
def search(passages: Path, queries: Path, as_json: bool) -> None:
    """Tag and index these passages in a temporary folder and score ranking."""
    set_threads(settings_for(None).analyse_threads)
    scores = evaluate_search(
        passages=passages, queries=queries, encoder=shared_encoder, tagger=load_tagger()
    )
    _print(scores.as_dict(), as_json=as_json)


def _print(scores: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(scores)
        return
    for name, value in scores.items():
        if isinstance(value, dict):
            numbers = {k: v for k, v in value.items() if isinstance(v, int | float)}
            if numbers:
                click.echo(f"{name}: " + ", ".join(f"{k} {v:.3f}" for k, v in numbers.items()))
        elif isinstance(value, float):
            click.echo(f"{name}: {value:.3f}")
        else:
            click.echo(f"{name}: {value}")
