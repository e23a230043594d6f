"""How long a search takes, whole, beside bare tantivy and bare FAISS on the same data.

Run it by hand: ``python tests/benchmarks/search.py --passages 100000 --folder /tmp/bench``.
The library in the folder is kept and used again; delete it afterwards. The whole path is
what a page does: the query is read and encoded, words and meaning are asked, fused and
filtered, the facets of the whole answer are counted, and of ten passages the text, the
findings, the matched words and the nearest sentence are brought. A million passages take
some 20 minutes to invent and index, 3 GB of disk.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import import_module
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np

# In place of this folder, where the names of these very files would stand for packages.
sys.path.pop(0)
sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from built_library import prepare, query_encoder_of, say
from invented_library import InventedLibrary

from corpus.filters import PassageFilter
from corpus.findings import findings_of
from corpus.model import Kind, Stance
from corpus.store import Store
from nlp.cells import PROBES
from nlp.codebook import load_codebook
from nlp.current_index import CurrentIndex
from nlp.embed import Vectors
from nlp.index import SearchIndex, open_index
from nlp.search import Searcher, SearchQuery
from nlp.vectors import CELLS, VECTORS
from nlp.word_query import read_word_query

LIMIT = 200
FILTERS = (
    PassageFilter(),
    PassageFilter(themes=("consent-treated-as-required",)),
    PassageFilter(),
    PassageFilter(kinds=(Kind.NEWS,), from_year=2000),
    PassageFilter(),
    PassageFilter(nation="Wales", stances=(Stance.FAILING,)),
    PassageFilter(to_year=2015),
)
"""More than half of the queries have one; they let 1 to 85 in a hundred passages through."""


class WholePath:
    """What a search page does, from words to what is shown."""

    def __init__(self, data_dir: Path, store: Store) -> None:
        """Open a searcher, as a portal does."""
        self.store = store
        encoder = query_encoder_of(data_dir)
        self.searcher = Searcher(store, data_dir, lambda: encoder)
        self.current = CurrentIndex(store, data_dir)
        self.rollup = load_codebook().rollup

    def ask(self, text: str, wanted: PassageFilter, *, sentences: bool = True) -> int:
        """Search, count facets, bring findings; returns how many were found."""
        query = SearchQuery(text=text, filter=wanted, limit=10, sentences=sentences)
        answer = self.searcher.search(query)
        served = self.current.get()
        rows = served.index.rows_of(answer.found)
        assert served.columns is not None
        served.columns.count(rows, answer.filter, rollup=self.rollup)
        findings_of(self.store, [hit.passage_id for hit in answer.hits])
        return answer.total


def measure(name: str, calls: Sequence[Callable[[], object]], repeats: int = 3) -> None:
    """Run every call some times; print median and 95th percentile of the best of each.

    Beside the time that passed stands the processor's: on a machine that others use too, only
    that one says what a query costs.
    """
    for call in calls[:3]:
        call()
    passed, spent = np.full(len(calls), np.inf), np.full(len(calls), np.inf)
    for _ in range(repeats):
        for at, call in enumerate(calls):
            began, cpu = time.perf_counter(), time.process_time()
            call()
            passed[at] = min(passed[at], (time.perf_counter() - began) * 1000)
            spent[at] = min(spent[at], (time.process_time() - cpu) * 1000)
    (p50, p95), (c50, c95) = np.percentile(passed, [50, 95]), np.percentile(spent, [50, 95])
    say(f"{name:<42} p50 {p50:7.2f}  p95 {p95:7.2f} ms   processor {c50:7.2f} {c95:7.2f} ms")


def measure_together(name: str, calls: Sequence[Callable[[], object]], clients: int) -> None:
    """Let some clients ask at once; print what each waited, and answers a second."""
    waited: list[float] = []

    def ask(call: Callable[[], object]) -> None:
        began = time.perf_counter()
        call()
        waited.append((time.perf_counter() - began) * 1000)

    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(ask, calls))
    p50, p95 = np.percentile(waited, [50, 95])
    rate = len(calls) / (time.perf_counter() - began)
    say(f"{name:<44} p50 {p50:8.2f} ms   p95 {p95:8.2f} ms   {rate:.0f} answers a second")


def bare_engines(index: SearchIndex, queries: Sequence[str], vectors: Vectors) -> None:
    """Time tantivy and FAISS alone, on the same files."""
    import tantivy

    faiss: Any = import_module("faiss")  # its stubs know less than it does

    held = tantivy.Index.open(str(index.folder / "words"))
    searcher, schema = held.searcher(), held.schema

    def words(text: str) -> object:
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, "text", term))
            for term in read_word_query(text).terms
        ]
        return searcher.search(tantivy.Query.boolean_query(terms), limit=LIMIT, count=False)

    measure("bare tantivy, one field", [partial(words, q) for q in queries])
    flat = faiss.read_index(str(index.folder / VECTORS), faiss.IO_FLAG_MMAP_IFC)
    rows = [vectors[at : at + 1] for at in range(len(vectors))]
    measure("bare FAISS, every vector", [partial(flat.search, v, LIMIT) for v in rows])
    if index.vectors.has_cells:
        cells = faiss.read_index(str(index.folder / CELLS), faiss.IO_FLAG_MMAP_IFC)
        probing = faiss.SearchParametersIVF(nprobe=PROBES)
        measure(
            f"bare FAISS, {cells.nlist} cells, {PROBES} looked into",
            [partial(cells.search, v, LIMIT, params=probing) for v in rows],
        )


def recall(index: SearchIndex, vectors: Vectors) -> None:
    """Say how much of what comparing all finds is found by cells, without and with filters."""
    faiss: Any = import_module("faiss")
    if not index.vectors.has_cells:
        return
    flat = faiss.read_index(str(index.folder / VECTORS), faiss.IO_FLAG_MMAP_IFC)
    chance = np.random.default_rng(2).random(len(index))
    for share in (None, 0.25, 0.5, 0.85):
        allowed = None if share is None else chance < share
        parameters: Any = None
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            selector = faiss.IDSelectorBitmap(bits)
            parameters = faiss.SearchParameters(sel=selector)
        at = {10: 0.0, 100: 0.0, LIMIT: 0.0}
        for vector in vectors:
            _, exact = flat.search(vector[None], LIMIT, params=parameters)
            found = [row for row, _ in index.vectors.nearest(vector, limit=LIMIT, allowed=allowed)]
            for depth in at:
                at[depth] += len(set(exact[0][:depth]) & set(found[:depth])) / depth
        said = ", ".join(f"@{depth} {total / len(vectors):.4f}" for depth, total in at.items())
        say(f"recall, {'no filter' if share is None else f'filter passing {share:.0%}'}: {said}")


def memory() -> str:
    """What this process holds, in MB: resident, and its share of what others map too."""
    of = dict(
        line.split(":") for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    )
    rss, pss, own = (int(of[name].split()[0]) / 1024 for name in ("Rss", "Pss", "Private_Dirty"))
    return f"resident {rss:.0f} MB, proportional {pss:.0f} MB, written to {own:.0f} MB"


def main() -> None:
    """Build, time and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--build-only", action="store_true")
    parser.add_argument(
        "--memory", action="store_true", help="only ask, as a portal's process does"
    )
    options = parser.parse_args()
    encoder = query_encoder_of(options.folder)
    invented = InventedLibrary(encoder, encoded=not options.memory)
    store = prepare(options.folder, options.passages, invented)
    if options.build_only:
        return
    queries = invented.queries(options.queries)
    vectors = encoder.encode(queries)
    del invented, encoder
    say(f"{options.passages} passages, {len(queries)} queries, {os.cpu_count()} cores")
    began = time.perf_counter()
    index = open_index(options.folder)
    say(f"open {(time.perf_counter() - began) * 1000:.0f} ms")
    size = sum(path.stat().st_size for path in index.folder.rglob("*") if path.is_file())
    say(f"index on disk {size / 1e6:.0f} MB")
    if not options.memory:
        bare_engines(index, queries, vectors)
        recall(index, vectors[:40])
    del index
    whole = WholePath(options.folder, store)
    asked = list(zip(queries, cycle(FILTERS), strict=False))
    plain = [partial(whole.ask, q, PassageFilter()) for q in queries]
    calls = [partial(whole.ask, q, f) for q, f in asked]
    short = [partial(whole.ask, q, f, sentences=False) for q, f in asked]
    began = time.perf_counter()
    whole.ask(queries[0], PassageFilter())
    say(f"first question {(time.perf_counter() - began) * 1000:.0f} ms")
    measure("whole path, no filter", plain)
    measure("whole path, filters", calls)
    measure("whole path, filters, no nearest sentence", short)
    measure_together("whole path, filters, 16 clients", calls * 2, 16)
    say(memory())


if __name__ == "__main__":
    main()
