"""The heads over words, as they are trained and read back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.lexical import WordFeatures
from nlp.training_rows import text_key
from nlp.weight_files import Tensors, WeightFiles

FOLDER = "data/heads"
WEIGHTS_NAME = "heads.safetensors"
NAMES_NAME = "heads.json"
FILES = WeightFiles(what="The tagger's word head", weights=WEIGHTS_NAME, names=NAMES_NAME, format=2)

Weights = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False, kw_only=True)
class ThemeHead:
    """One-vs-rest weights over a text's words and cues, and how they mix with its tokens'."""

    themes: tuple[str, ...]
    word_weights: Weights
    """float32, shape (themes, buckets + themes): words, then cues."""
    bias: Weights
    """float32, shape (themes,)."""
    slope: Weights
    """float32, shape (2,): the words' calibrated log odds = slope[0] * logit + slope[1]."""
    mix: Weights
    """float32, shape (2,): the same of the log odds of words and tokens mixed."""
    words: WordFeatures


@dataclass(frozen=True, eq=False, kw_only=True)
class PairHead:
    """A multinomial head for one facet of a passage–theme pair."""

    facet: str
    values: tuple[str, ...]
    weights: Weights
    """float32, shape (values, features)."""
    bias: Weights
    """float32, shape (values,)."""


@dataclass(frozen=True, eq=False, kw_only=True)
class PassageHeads:
    """What decides the codes of a passage."""

    theme: ThemeHead
    pairs: dict[str, PairHead]
    """By facet: ``stance``, ``level``, ``attribution``."""
    pair_words: WordFeatures


@dataclass(frozen=True, eq=False, kw_only=True)
class Heads(PassageHeads):
    """Everything that training learns."""

    row_ids: tuple[str, ...]
    """The training rows, in the order of ``row_vectors``."""
    row_axes: Weights
    """float32, shape (axes, DIMENSION): the directions in which the rows differ most."""
    row_vectors: npt.NDArray[np.int8]
    """int8, shape (rows, axes): the rows along the axes, unit length times 127."""
    trained_on: dict[str, Any]
    """Rows, seed, encoder hash and codebook version, for the model card."""
    version: str
    """A hash of the two files."""
    judged: Mapping[str, int] = field(default_factory=dict)
    """The texts coded by people that trained these heads: text key → place in ``parts``."""
    parts: tuple[PassageHeads, ...] = ()
    """Heads trained without the cases of one part each."""

    def apart(self, texts: Sequence[str]) -> list[tuple[PassageHeads, list[int]]]:
        """Say which heads may read which texts: each text's place once.

        A text that trained these heads is read by those that never saw its case: what
        they say of it can be compared with what people said.
        """
        if not self.judged:
            return [(self, list(range(len(texts))))]
        places: dict[int | None, list[int]] = {}
        for place, text in enumerate(texts):
            places.setdefault(self.judged.get(text_key(text)), []).append(place)
        return [
            (self if part is None else self.parts[part], found) for part, found in places.items()
        ]


def save_heads(heads: Heads, folder: Path) -> None:
    """Write the heads to a folder, half precision; the same heads give the same bytes."""
    tensors = _tensors(heads) | {
        "row_axes": heads.row_axes.astype(np.float16),
        "rows": heads.row_vectors,
    }
    for place, part in enumerate(heads.parts):
        tensors |= {f"part{place}.{name}": each for name, each in _tensors(part).items()}
    names: dict[str, Any] = {
        "themes": heads.theme.themes,
        "facets": {facet: head.values for facet, head in heads.pairs.items()},
        "longest": {"theme": heads.theme.words.longest, "pair": heads.pair_words.longest},
        "trained_on": heads.trained_on,
        "row_ids": _packed(heads.row_ids),
    }
    if heads.judged:
        names["judged"] = dict(heads.judged)
        names["part_facets"] = [
            {facet: head.values for facet, head in part.pairs.items()} for part in heads.parts
        ]
    FILES.save(folder, tensors, names)


def _tensors(heads: PassageHeads) -> dict[str, npt.NDArray[Any]]:
    tensors: dict[str, npt.NDArray[Any]] = {
        "theme.word_weights": heads.theme.word_weights.astype(np.float16),
        "theme.bias": heads.theme.bias,
        "theme.slope": heads.theme.slope,
        "theme.mix": heads.theme.mix,
        "theme.idf": heads.theme.words.idf.astype(np.float16),
        "pair.idf": heads.pair_words.idf.astype(np.float16),
    }
    for facet, head in heads.pairs.items():
        tensors[f"{facet}.weights"] = head.weights.astype(np.float16)
        tensors[f"{facet}.bias"] = head.bias
    return tensors


def read_heads(folder: Path) -> Heads:
    """Read heads that :func:`save_heads` wrote.

    Raises:
        ModelError: a file is missing, damaged or of another format.
    """
    tensors, names, version = FILES.read(folder)
    return _heads(tensors, names, version=version)


@cache
def load_heads() -> Heads:
    """Read the heads that ship, once a process.

    Raises:
        ModelError: they are missing or damaged.
    """
    with as_file(files("nlp").joinpath(FOLDER)) as folder:
        return read_heads(folder)


def _heads(tensors: Tensors, names: dict[str, Any], *, version: str) -> Heads:
    own = _passage_heads(tensors, names, names["facets"], prefix="")
    return Heads(
        theme=own.theme,
        pairs=own.pairs,
        pair_words=own.pair_words,
        row_ids=_unpacked(names["row_ids"]),
        row_axes=tensors["row_axes"].astype(np.float32),
        row_vectors=tensors["rows"],
        trained_on=names["trained_on"],
        version=version,
        judged=names.get("judged", {}),
        parts=tuple(
            _passage_heads(tensors, names, facets, prefix=f"part{place}.")
            for place, facets in enumerate(names.get("part_facets", ()))
        ),
    )


def _passage_heads(
    tensors: Tensors, names: dict[str, Any], facets: dict[str, list[str]], *, prefix: str
) -> PassageHeads:
    def single(name: str) -> Weights:
        return tensors[prefix + name].astype(np.float32)

    theme = ThemeHead(
        themes=tuple(names["themes"]),
        word_weights=single("theme.word_weights"),
        bias=single("theme.bias"),
        slope=single("theme.slope"),
        mix=single("theme.mix"),
        words=WordFeatures(single("theme.idf"), names["longest"]["theme"]),
    )
    pairs = {
        facet: PairHead(
            facet=facet,
            values=tuple(values),
            weights=single(f"{facet}.weights"),
            bias=single(f"{facet}.bias"),
        )
        for facet, values in facets.items()
    }
    return PassageHeads(
        theme=theme,
        pairs=pairs,
        pair_words=WordFeatures(single("pair.idf"), names["longest"]["pair"]),
    )


def _packed(row_ids: tuple[str, ...]) -> list[tuple[str, int, int]]:
    """Keep runs of neighbouring lines as file, first line and last line."""
    runs: list[tuple[str, int, int]] = []
    for row_id in row_ids:
        name, _, line = row_id.rpartition(":")
        if runs and runs[-1][0] == name and runs[-1][2] == int(line) - 1:
            runs[-1] = (name, runs[-1][1], int(line))
        else:
            runs.append((name, int(line), int(line)))
    return runs


def _unpacked(runs: list[tuple[str, int, int]]) -> tuple[str, ...]:
    return tuple(f"{name}:{line}" for name, first, last in runs for line in range(first, last + 1))
