"""The examples of the OpenAPI document are what the shipped catalogue answers."""

from typing import Any

import pytest

from web.api.openapi import load_examples
from web.api.renew_examples import load_shipped, make_examples

STALE = "the examples are stale: renew them with python -m web.api.renew_examples"


@pytest.mark.model
def test_every_example_is_what_the_shipped_catalogue_answers(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    made = make_examples(load_shipped(tmp_path_factory.mktemp("shipped")))
    held = load_examples()
    assert list(made) == list(held), STALE
    for name, example in made.items():
        assert _differs(example, held[name], name) == [], STALE


def _differs(made: Any, held: Any, where: str) -> list[str]:
    """Name the places that differ; scores may by what processors round differently."""
    if isinstance(made, dict) and isinstance(held, dict) and made.keys() == held.keys():
        return [x for key in made for x in _differs(made[key], held[key], f"{where}.{key}")]
    if isinstance(made, list) and isinstance(held, list) and len(made) == len(held):
        pairs = zip(made, held, strict=True)
        return [x for n, (a, b) in enumerate(pairs) for x in _differs(a, b, f"{where}[{n}]")]
    if isinstance(made, float) and isinstance(held, float):
        return [] if abs(made - held) < 0.01 else [f"{where}: {made} is not {held}"]
    # Names of lists follow from scores.
    if where.endswith(".next_cursor"):
        return []
    return [] if made == held else [f"{where}: {made!r} is not {held!r}"]
