"""A walk over very many passages while documents come, change and go.

Run it by hand: ``python tests/benchmarks/cursor_walk.py [--passages 100000]``. While
the client pages to the end, a second thread adds, replaces and withdraws documents and judges
passages. Ends with 1 unless every passage that was held at the first page and not taken down
was seen exactly once, and no other was.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

# In place of this folder, where the names of these very files would stand for packages.
sys.path.pop(0)
sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from big_store import fill_big_store
from walking import walk_while_disturbed

from corpus.settings import Settings
from web.app import create_app


def main() -> int:
    """Fill a store, walk through it and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--per-page", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = fill_big_store(Path(folder), asked.passages)
        app = create_app(Settings(data_dir=Path(folder), api_requests_per_minute=0))
        began = time.perf_counter()
        report = walk_while_disturbed(
            app, store, per_page=asked.per_page, disturb_at_most=asked.passages
        )
        taken = time.perf_counter() - began
    what = report.disturbance
    print(  # noqa: T201
        f"{sum(report.seen.values())} passages on {-(-asked.passages // asked.per_page)} pages in "
        f"{taken:.0f} s; {report.twice} seen twice, {report.missed} missed, "
        f"{report.strange} that came later\n"
        f"meanwhile {what.added} documents added, {what.replaced} replaced, {what.judged} passages "
        f"judged, {len(what.withdrawn)} passages withdrawn; the last page says total "
        f"{report.meta['total']}, withdrawn {report.meta['withdrawn']}"
    )
    return int(bool(report.twice or report.missed or report.strange))


if __name__ == "__main__":
    sys.exit(main())
