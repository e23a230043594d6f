"""How quick the portal's pages are, asked over loopback by one reader and by twenty at once.

Run it by hand: ``python tests/benchmarks/portal.py --folder /tmp/bench [--passages 10000]``. The
library in the folder is kept and used again; delete it afterwards. The server is the one of
``throughline serve``, in a process of its own. Of each kind of page some addresses are asked:
first one after another, each for the first time since the start (``anew``: nothing is worked
out yet), then again by one reader, then by all clients for some seconds. ``cpu`` is the median
of the processor's time that the server spent on one page: on a machine that others use too,
only that says what a page costs. The other times are the clock's, as a reader waits. Sizes are
of the largest page of a kind, packed with gzip, as it went over the wire.
"""

import argparse
import http.client
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import quote

# In place of this folder, where the names of these very files would stand for packages.
sys.path.pop(0)
sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from built_library import is_built, prepare, query_encoder_of, say
from invented_library import InventedLibrary

from corpus.filters import PassageFilter, select_passage_ids
from corpus.model import Stance
from corpus.store import Store, open_store
from nlp.codebook import load_codebook

SOME = 8
"""Addresses of a kind."""
TRIES = 600
"""Looks for the server's first line, five a second."""
AGAIN = 5
"""Times that one reader asks each address again."""
PERIODS = "what=periods&a_from=1974&a_to=1999&b_from=2000&b_to=2023"
QUESTIONS = (
    "why the school did not ring the police about the bruises",
    "the housing office waited for the surgery after the call",
    '"because the form was lost"',
    "records not passed on between 1990 and 2010",
    "reviews from Wales on missed appointments",
    "consent",
)
COLUMNS = ("anew cpu", "max cpu", "cpu", "one p50", "one p95", "/s", "p50", "p95")
HEAD = (
    f"{'page':12}{'asked':>6}{''.join(f'{name:>10}' for name in COLUMNS)}"
    f"{'errors':>8}{'kB packed':>11}{'kB plain':>10}"
)


def spent_ms(process: int) -> float:
    """Processor time of a process so far, all its threads together."""
    tasks = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e6


@dataclass
class Asked:
    """What came of asking some addresses: milliseconds, in order, and sizes in bytes."""

    times: list[float] = field(default_factory=list)
    errors: int = 0
    packed: int = 0
    seconds: float = 0.0

    def add(self, other: "Asked") -> None:
        """Take in what another client saw."""
        self.times += other.times
        self.errors += other.errors
        self.packed = max(self.packed, other.packed)

    def at(self, percent: int) -> float:
        """A percentile of the times."""
        return statistics.quantiles(self.times, n=100, method="inclusive")[percent - 1]


class Reader:
    """One reader with a connection that stays open, as a browser's does."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def ask(self, address: str, asked: Asked, *, packed: bool = True) -> int:
        """Ask one page, and note what came; returns its size."""
        began = time.perf_counter()
        try:
            headers = {"Accept-Encoding": "gzip"} if packed else {}
            self.connection.request("GET", address, headers=headers)
            answer = self.connection.getresponse()
            size = len(answer.read())
        except (OSError, http.client.HTTPException):
            self.connection.close()
            asked.errors += 1
            return 0
        asked.times.append((time.perf_counter() - began) * 1000)
        asked.errors += answer.status != 200
        asked.packed = max(asked.packed, size)
        return size


def addresses_of(store: Store) -> Mapping[str, Sequence[str]]:
    """The addresses that are asked, by kind of page."""
    codebook = load_codebook()
    tops = [top.theme_id for top in codebook.top_themes]
    themes = [theme.theme_id for theme in codebook.themes]
    reviews = [str(review.review_id) for review in store.iter_reviews()]
    found = select_passage_ids(store, PassageFilter(stances=(Stance.FAILING,)))
    documents = [str(document.document_id) for document in store.iter_documents()]
    chosen = [*spread(tops, SOME // 2), *spread(themes, SOME // 2)]
    return {
        "home": ["/"],
        "search": [
            *(f"/search?q={quote(words)}" for words in QUESTIONS),
            f"/search?theme={themes[3]}",
            f"/search?q=letters&nation=Wales&theme={tops[1]}",
        ],
        "recurrence": [
            "/recurrence",
            "/recurrence?clock=incident",
            "/recurrence?nation=England&span=5",
            f"/recurrence?theme={tops[2]}",
            f"/recurrence?theme={themes[5]}&stance=change-proposed",
        ],
        "themes": ["/themes"],
        "theme": [f"/themes/{theme}" for theme in chosen],
        "reviews": ["/reviews"],
        "review": [f"/reviews/{review}" for review in spread(reviews, SOME)],
        "passage": [f"/passages/{passage}" for passage in spread(found, SOME)],
        "document": [f"/documents/{document}" for document in spread(documents, SOME)],
        "counts": ["/counts", "/counts?by=theme", "/counts?from=1990&to=2010&nation=Wales"],
        "behind": ["/counts/passages?theme=any-theme&level=either&figure=machine"],
        "compare": [
            f"/compare?{PERIODS}",
            "/compare?what=nations&a=England&b=Wales",
            f"/compare?what=themes&a={tops[2]}&b={tops[3]}",
        ],
        "sources": ["/sources"],
        "method": ["/method"],
        "reports": ["/reports"],
        "report": [f"/reports/{year}" for year in years_of(store)],
    }


def spread(items: Sequence[str], count: int) -> list[str]:
    """So many of a list, from all over it."""
    return list(islice(items[:: max(1, len(items) // count)], count))


def years_of(store: Store) -> list[int]:
    """Some years of which reviews are held."""
    years = sorted({review.published.year for review in store.iter_reviews() if review.published})
    return [years[len(years) // 3], years[-1]]


@dataclass(frozen=True)
class Served:
    """A server: its port and the number of its process."""

    port: int
    process: int


@contextmanager
def served(folder: Path, workers: int) -> Iterator[Served]:
    """Serve the library as ``throughline serve`` does."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [sys.executable, "-P", "-c", "from web.cli import main; main()"]
    command += ["serve", "--port", str(port), "--workers", str(workers), "--data-dir", str(folder)]
    log = folder / "serve.log"
    with log.open("w") as lines:
        process = subprocess.Popen(command, stdout=lines, stderr=lines)
    try:
        for _ in range(TRIES):
            if process.poll() is not None or f":{port}" in log.read_text():
                break
            time.sleep(0.2)
        if process.poll() is not None or f":{port}" not in log.read_text():
            raise SystemExit(f"The server did not start; {log} says why.")
        yield Served(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def ask_each(server: Served, addresses: Sequence[str], times: int = 1) -> tuple[Asked, list[float]]:
    """Let one reader ask every address, so many times round; and what each cost the server."""
    reader, asked, spent = Reader(server.port), Asked(), []
    for _ in range(times):
        for address in addresses:
            before = spent_ms(server.process)
            reader.ask(address, asked)
            spent.append(spent_ms(server.process) - before)
    return asked, spent


def ask_together(port: int, addresses: Sequence[str], clients: int, seconds: float) -> Asked:
    """Let all clients ask for some seconds, each beginning at another address."""
    until = time.perf_counter() + seconds

    def ask(number: int) -> Asked:
        reader, asked = Reader(port), Asked()
        for address in islice(cycle(addresses), number, None):
            reader.ask(address, asked)
            if time.perf_counter() > until:
                return asked
        return asked

    together = Asked()
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        for one in pool.map(ask, range(clients)):
            together.add(one)
    together.seconds = time.perf_counter() - began
    return together


def row(
    kind: str, server: Served, addresses: Sequence[str], *, clients: int, seconds: float
) -> str:
    """Measure one kind of page; a row of the table."""
    anew, spent_anew = ask_each(server, addresses)
    one, spent = ask_each(server, addresses, AGAIN)
    together = ask_together(server.port, addresses, clients, seconds)
    reader = Reader(server.port)
    plain = max(reader.ask(address, Asked(), packed=False) for address in addresses)
    figures = (
        statistics.median(spent_anew),
        max(spent_anew),
        statistics.median(spent),
        one.at(50),
        one.at(95),
        len(together.times) / together.seconds,
        together.at(50),
        together.at(95),
    )
    errors = anew.errors + one.errors + together.errors
    return (
        f"{kind:12}{len(addresses):6}{''.join(f'{figure:10.1f}' for figure in figures)}"
        f"{errors:8}{one.packed / 1000:11.1f}{plain / 1000:10.1f}"
    )


def main() -> None:
    """Build, serve, ask and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=5.0, help="of all clients, a kind of page")
    parser.add_argument("--workers", type=int, default=4, help="as of throughline serve")
    parser.add_argument("--only", nargs="+", default=(), help="kinds of pages, such as theme")
    options = parser.parse_args()
    if not is_built(options.folder, options.passages):
        encoder = query_encoder_of(options.folder)
        prepare(options.folder, options.passages, InventedLibrary(encoder)).close()
    store = open_store(options.folder)
    addresses = addresses_of(store)
    store.close()
    cores = os.cpu_count()
    say(f"{options.passages} passages, {options.clients} clients, {cores} cores; times in ms")
    say(HEAD)
    with served(options.folder, options.workers) as server:
        Reader(server.port).ask(
            addresses["search"][0], Asked()
        )  # the first question loads the models
        for kind, those in addresses.items():
            if not options.only or kind in options.only:
                say(row(kind, server, those, clients=options.clients, seconds=options.seconds))


if __name__ == "__main__":
    main()
