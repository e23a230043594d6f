"""Near copies: runs of five words, compared by minimum hashes first and then exactly."""

import hashlib
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from datasketch import MinHash

from corpus.signatures import Signature

SHINGLE_WORDS = 5
_HASHES = 128
# Two hashes a key: texts that share a tenth of their shingles meet with two chances in five or
# more, and texts that share a few stock phrases hardly ever. What meets is compared exactly.
_ROWS = 2
_BATCH = 4096
_WORD = re.compile(r"[^\W_]+")

Shingles = frozenset[str]


@dataclass(frozen=True)
class Likeness:
    """How alike two texts are, by their shingles: 0 nothing in common, 1 all."""

    jaccard: float
    """Of all shingles of either, the share that both have."""
    containment: float
    """Of the shorter text's shingles, the share that the longer one has."""
    n_shorter: int
    """Shingles of the shorter text."""


def shingle(text: str) -> Shingles:
    """Cut a text into runs of five words, small letters and digits alone; short texts have none."""
    words = _WORD.findall(text.lower())
    return frozenset(
        " ".join(words[start : start + SHINGLE_WORDS])
        for start in range(len(words) - SHINGLE_WORDS + 1)
    )


def sign(shingles: Shingles) -> Signature:
    """Make a text's signature; the same on every machine, whatever the order."""
    minhash = MinHash(num_perm=_HASHES, seed=1)
    encoded = [one.encode() for one in sorted(shingles)]
    for start in range(0, len(encoded), _BATCH):  # a long report at once would take gigabytes
        minhash.update_batch(encoded[start : start + _BATCH])
    hashes = np.asarray(minhash.hashvalues, dtype="<u4")
    return Signature(
        n_shingles=len(shingles),
        hashes=hashes.tobytes(),
        band_keys=_band_keys(hashes) if shingles else (),
    )


def compare(one: Shingles, other: Shingles) -> Likeness:
    """Compare two texts exactly."""
    shared = len(one & other)
    shorter = min(len(one), len(other))
    return Likeness(
        jaccard=shared / len(one | other) if one or other else 0.0,
        containment=shared / shorter if shorter else 0.0,
        n_shorter=shorter,
    )


def _band_keys(hashes: npt.NDArray[np.uint32]) -> tuple[int, ...]:
    return tuple(
        int.from_bytes(
            hashlib.blake2b(
                start.to_bytes(2, "little") + hashes[start : start + _ROWS].tobytes(),
                digest_size=8,
            ).digest(),
            "little",
            signed=True,
        )
        for start in range(0, _HASHES, _ROWS)
    )
