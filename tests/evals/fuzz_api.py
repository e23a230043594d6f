"""Ask the API anything at all: ``python tests/evals/fuzz_api.py [--cases 5000]``.

Ends with an error that names the request where an answer is a 5xx or not as the OpenAPI
document says.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from api_fuzz import fuzz_api
from portal_world import make_world

from web.api.openapi import document


def main() -> None:
    """Spread the cases over the operations, run them and print what came back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    each = -(-asked.cases // len(document()["paths"])) + 1
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        world = make_world(Path(folder))
        cases = 0
        by_status: dict[int, int] = {}
        seed = asked.seed
        # Operations without parameters have few cases: go round until there are enough.
        while cases < asked.cases:
            report = fuzz_api(world, cases=each, seed_number=seed)
            cases += report.cases
            for status, count in report.by_status.items():
                by_status[status] = by_status.get(status, 0) + count
            seed += 1
    taken = time.perf_counter() - began
    spread = ", ".join(f"{count} × {status}" for status, count in sorted(by_status.items()))
    print(f"{cases} cases in {taken:.0f} s: {spread}; no 5xx, nothing undocumented")  # noqa: T201


if __name__ == "__main__":
    main()
