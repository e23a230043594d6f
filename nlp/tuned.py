"""What tuning the encoder learned: changes to its layers, and heads over its tokens."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np

from nlp.embed import Vectors
from nlp.low_rank import LowRank
from nlp.weight_files import Tensors, WeightFiles

FOLDER = "data/tuned"
WEIGHTS_NAME = "tuned.safetensors"
NAMES_NAME = "tuned.json"
TOKEN_PARTS = ("queries", "attended", "pooled", "bias")
"""The arrays of a token head."""
FACET_PARTS = ("themes", "kinds", "hidden", "hidden_bias")
"""The arrays of a facet head, beside its outputs."""
FILES = WeightFiles(what="The tuned encoder", weights=WEIGHTS_NAME, names=NAMES_NAME, format=1)


@dataclass(frozen=True, eq=False, kw_only=True)
class TokenHead:
    """Theme scores from tokens: one attention query a theme, and a regression on their mean."""

    queries: Vectors
    """float32, shape (themes, DIMENSION): what each theme looks for in a token."""
    attended: Vectors
    """float32, shape (themes, DIMENSION): weights of the tokens attended to."""
    pooled: Vectors
    """float32, shape (themes, DIMENSION): weights of the tokens' mean."""
    bias: Vectors
    """float32, shape (themes,)."""


@dataclass(frozen=True, eq=False, kw_only=True)
class FacetHead:
    """Stance, level and attribution of a pair: one hidden layer, one output each."""

    themes: Vectors
    """float32, shape (themes, width): a vector for each theme."""
    kinds: Vectors
    """float32, shape (kinds, width): a vector for each kind of document."""
    hidden: Vectors
    hidden_bias: Vectors
    outputs: dict[str, tuple[Vectors, Vectors]]
    """Facet → weights, shape (values, hidden), and bias."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Tuned:
    """Everything that tuning learned."""

    themes: tuple[str, ...]
    kinds: tuple[str, ...]
    values: dict[str, tuple[str, ...]]
    """Facet → its values, in the order of its outputs."""
    changes: dict[str, LowRank | Vectors]
    """Parameter of the encoder → what is added to it."""
    token_head: TokenHead
    facet_head: FacetHead
    trained_on: dict[str, Any]
    version: str
    """A hash of the two files."""


def save_tuned(tuned: Tuned, folder: Path) -> None:
    """Write to a folder, half precision; the same weights give the same bytes."""
    tensors: dict[str, Vectors] = {}
    for name, change in tuned.changes.items():
        if isinstance(change, LowRank):
            tensors[f"left:{name}"], tensors[f"right:{name}"] = change.left, change.right
        else:
            tensors[f"change:{name}"] = change
    for name in TOKEN_PARTS:
        tensors[f"token:{name}"] = getattr(tuned.token_head, name)
    for name in FACET_PARTS:
        tensors[f"facet:{name}"] = getattr(tuned.facet_head, name)
    for facet, (weights, bias) in tuned.facet_head.outputs.items():
        tensors[f"output:{facet}"], tensors[f"output-bias:{facet}"] = weights, bias
    halved = {key: value.astype(np.float16) for key, value in tensors.items()}
    names = {
        "themes": tuned.themes,
        "kinds": tuned.kinds,
        "values": tuned.values,
        "trained_on": tuned.trained_on,
    }
    FILES.save(folder, halved, names)


def read_tuned(folder: Path) -> Tuned:
    """Read what :func:`save_tuned` wrote.

    Raises:
        ModelError: a file is missing, damaged or of another format.
    """
    tensors, names, version = FILES.read(folder)
    return _tuned(tensors, names, version=version)


@cache
def load_tuned() -> Tuned:
    """Read the tuned encoder that ships, once a process.

    Raises:
        ModelError: it is missing or damaged.
    """
    with as_file(files("nlp").joinpath(FOLDER)) as folder:
        return read_tuned(folder)


def _tuned(tensors: Tensors, names: dict[str, Any], *, version: str) -> Tuned:
    single = {name: tensor.astype(np.float32) for name, tensor in tensors.items()}
    changes: dict[str, LowRank | Vectors] = {}
    for key, value in single.items():
        part, _, name = key.partition(":")
        if part == "left":
            changes[name] = LowRank(value, single[f"right:{name}"])
        elif part == "change":
            changes[name] = value
    values = {facet: tuple(own) for facet, own in names["values"].items()}
    return Tuned(
        themes=tuple(names["themes"]),
        kinds=tuple(names["kinds"]),
        values=values,
        changes=changes,
        token_head=TokenHead(**{name: single[f"token:{name}"] for name in TOKEN_PARTS}),
        facet_head=FacetHead(
            **{name: single[f"facet:{name}"] for name in FACET_PARTS},
            outputs={
                facet: (single[f"output:{facet}"], single[f"output-bias:{facet}"])
                for facet in values
            },
        ),
        trained_on=names["trained_on"],
        version=version,
    )
