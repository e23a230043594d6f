"""How long building and searching take, beside bare tantivy and bare FAISS on the same data.

Run it by hand: ``python tests/benchmarks/search.py [--passages 10000]``. Passages are made
of invented words, vectors of random clusters, so that speeds carry over and ranks do not.
"""

import argparse
import itertools
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from corpus.analysed import AnalysedPassage
from corpus.ids import PassageId
from nlp.build_index import IndexStamp, build_index
from nlp.embed import DIMENSION, Vectors
from nlp.index import SearchIndex, open_index
from nlp.rank import CANDIDATES, Wanted, rank
from nlp.word_query import matched_spans, read_word_query

VOCABULARY = 30_000
WORDS_A_PASSAGE = 70
CLUSTERS = 500
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo")


class Invention:
    """Seeded passages, vectors and queries: the same on every machine."""

    def __init__(self, passages: int, queries: int, seed: int = 1) -> None:
        chance = np.random.default_rng(seed)
        self.count = passages
        words = ["".join(parts) for parts in itertools.product(SYLLABLES, repeat=4)]
        self.words = np.array(chance.permutation(words)[:VOCABULARY])
        self._shares = 1 / np.arange(3, VOCABULARY + 3)
        self._shares /= self._shares.sum()
        self.centres = self._units(chance, CLUSTERS)
        self.seed = seed
        self.queries = [self._text(chance, 6) for _ in range(queries)]
        self.query_vectors = self._near(chance, queries)

    def passages(self) -> Iterator[AnalysedPassage]:
        """Passages in ascending order of id."""
        chance = np.random.default_rng(self.seed + 1)
        ids = sorted(PassageId.of("d", n, n + 1) for n in range(self.count))
        for passage_id in ids:
            yield AnalysedPassage(
                passage_id=passage_id, text=self._text(chance, WORDS_A_PASSAGE), title="A report"
            )

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors near random centres; what the texts say does not matter here."""
        return self._near(np.random.default_rng(len(texts[0]) + len(texts)), len(texts))

    def _text(self, chance: np.random.Generator, words: int) -> str:
        return " ".join(chance.choice(self.words, size=words, p=self._shares)) + "."

    def _near(self, chance: np.random.Generator, count: int) -> Vectors:
        noise = chance.standard_normal((count, DIMENSION)) * 0.03
        rows = self.centres[chance.integers(0, CLUSTERS, count)] + noise
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    @staticmethod
    def _units(chance: np.random.Generator, count: int) -> Vectors:
        rows = chance.standard_normal((count, DIMENSION)).astype(np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def time_each(name: str, calls: Sequence[Callable[[], object]]) -> None:
    """Run each call once and print the median and the 95th percentile."""
    calls[0]()
    taken = []
    for call in calls:
        began = time.perf_counter()
        call()
        taken.append((time.perf_counter() - began) * 1000)
    p50, p95 = np.percentile(taken, [50, 95])
    say(f"{name:<34} p50 {p50:8.2f} ms   p95 {p95:8.2f} ms")


def bare_calls(index: SearchIndex, invented: Invention, folder: Path) -> None:
    """Time tantivy and FAISS alone, on the same files."""
    import faiss
    import tantivy

    held = tantivy.Index.open(str(folder / "words"))
    searcher, schema = held.searcher(), held.schema

    def words(text: str) -> object:
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, "text", term))
            for term in read_word_query(text).terms
        ]
        return searcher.search(tantivy.Query.boolean_query(terms), limit=CANDIDATES, count=False)

    vectors = faiss.read_index(str(folder / "vectors.faiss"), faiss.IO_FLAG_MMAP_IFC)
    time_each("bare tantivy", [lambda q=q: words(q) for q in invented.queries])  # type: ignore[misc]
    rows = invented.query_vectors
    time_each(
        "bare FAISS",
        [lambda at=at: vectors.search(rows[at : at + 1], CANDIDATES) for at in range(len(rows))],  # type: ignore[misc]
    )
    assert len(index) == vectors.ntotal == searcher.num_docs


def our_calls(index: SearchIndex, invented: Invention) -> None:
    """Time words, meaning and both, without and with a filter that lets a part through."""
    pairs = list(zip(invented.queries, invented.query_vectors, strict=True))
    time_each(
        "words", [lambda q=q: rank(index, Wanted(words=read_word_query(q))) for q, _ in pairs]
    )  # type: ignore[misc]
    time_each("meaning", [lambda v=v: rank(index, Wanted(vector=v)) for _, v in pairs])  # type: ignore[misc]
    time_each(
        "hybrid",
        [
            lambda q=q, v=v: rank(index, Wanted(words=read_word_query(q), vector=v))
            for q, v in pairs
        ],  # type: ignore[misc]
    )
    for share in (0.02, 0.5):
        allowed = np.random.default_rng(2).random(len(index)) < share
        time_each(
            f"hybrid, filter passing {share:.0%}",
            [
                lambda q=q, v=v, a=allowed: rank(
                    index, Wanted(words=read_word_query(q), vector=v), allowed=a
                )  # type: ignore[misc]
                for q, v in pairs
            ],
        )
    texts = [passage.text for passage in itertools.islice(invented.passages(), 10)]
    time_each(
        "marking words in 10 passages",
        [lambda q=q: [matched_spans(read_word_query(q), t) for t in texts] for q, _ in pairs],  # type: ignore[misc]
    )


def say(line: str) -> None:
    """Print one line of the report."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Build, time and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=200)
    options = parser.parse_args()
    invented = Invention(options.passages, options.queries)
    with tempfile.TemporaryDirectory() as name:
        data_dir = Path(name)
        began = time.perf_counter()
        for _ in invented.passages():
            pass
        inventing = time.perf_counter() - began
        began = time.perf_counter()
        build_index(
            data_dir,
            invented.passages(),
            stamp=IndexStamp(
                model_sha256="0" * 64, tagger_version="", codebook_version="", names_sha256=""
            ),
            encode=invented.encode,
        )
        say(f"{options.passages} passages, {options.queries} queries, encoding not counted")
        say(f"build {time.perf_counter() - began - inventing:.2f} s")
        began = time.perf_counter()
        index = open_index(data_dir)
        say(f"open {(time.perf_counter() - began) * 1000:.1f} ms")
        folder = data_dir / "index" / index.name
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        say(f"on disk {size / 1e6:.1f} MB")
        bare_calls(index, invented, folder)
        our_calls(index, invented)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
