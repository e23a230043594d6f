"""Requests a second and 95th percentiles of the API: ``python tests/benchmarks/api.py``.

One caller asks one question after another, in process, of a store of invented passages;
times are of the application alone, without the network. ``--passages`` may be given several
times.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

# In place of this folder, where the names of these very files would stand for packages.
sys.path.pop(0)
sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from big_store import fill_big_store
from flask.testing import FlaskClient

from corpus.settings import Settings
from web.app import create_app

BASE = "/api/v1"
LISTS = {
    "list of 25, no filter": "/passages?per_page=25",
    "list of 25 by theme, stance and year": (
        "/passages?theme=siloed-decisions&stance=failing-found&from=1990&to=2015"
    ),
    "list of 25 by nation and kind": "/passages?nation=England&kind=review",
    "list of 200 by theme": "/passages?theme=not-passed-on&per_page=200",
    "sample of 100": "/passages?sample=100&seed=1&per_page=100",
    "counts of top themes": "/counts",
    "counts of one nation, five years": "/counts?from=2005&to=2010&nation=England",
    "status": "/status",
}


def time_calls(name: str, call: Callable[[], int], *, times: int) -> None:
    """Call once to warm up, then so many times; print rate and percentiles."""
    call()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        size = call()
        taken.append((time.perf_counter() - began) * 1000)
    p95 = statistics.quantiles(taken, n=20)[-1]
    rate = 1000 / statistics.mean(taken)
    print(  # noqa: T201
        f"  {name:44} {rate:8.1f}/s  median {statistics.median(taken):8.2f} ms"
        f"  p95 {p95:8.2f} ms  {size / 1024:8.1f} kB"
    )


def measure(client: FlaskClient, *, times: int) -> None:
    """Time every question, then a deep page and one passage with and without its tag."""

    def asking(path: str, **headers: str) -> Callable[[], int]:
        def ask() -> int:
            response = client.get(BASE + path, headers=headers)
            assert response.status_code in {200, 304}, response.text
            return len(response.data)

        return ask

    for name, path in LISTS.items():
        time_calls(name, asking(path), times=times)
    cursor = "*"
    for _ in range(20):
        answer = client.get(f"{BASE}/passages?per_page=200&cursor={cursor}").get_json()
        cursor = answer["meta"]["next_cursor"] or "*"
    time_calls("21st page of 200", asking(f"/passages?per_page=200&cursor={cursor}"), times=times)
    passage = f"/passages/{answer['data'][0]['passage_id']}"
    time_calls("one passage, 200", asking(passage), times=times * 5)
    tag = client.get(BASE + passage).headers["ETag"]
    time_calls("one passage, 304", asking(passage, **{"If-None-Match": tag}), times=times * 5)


def main() -> None:
    """Fill a store of each size and measure it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, action="append")
    parser.add_argument("--times", type=int, default=40)
    asked = parser.parse_args()
    for passages in asked.passages or [10_000, 100_000]:
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            fill_big_store(Path(folder), passages)
            filled = time.perf_counter() - began
            app = create_app(Settings(data_dir=Path(folder), api_requests_per_minute=0))
            print(f"{passages} passages (filled in {filled:.0f} s)")  # noqa: T201
            measure(app.test_client(), times=asked.times)


if __name__ == "__main__":
    main()
