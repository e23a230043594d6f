"""Kill the server a thousand times while two coders save: nothing acknowledged may be lost.

Run with: python tests/evals/kill_coding.py [--kills 1000]
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from killed_desk import kill_while_saving


def main() -> None:
    """Print what came of it; fails with the first loss."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    kills = parser.parse_args().kills

    def tell(number: int) -> None:
        if number % 100 == 0:
            sys.stderr.write(f"{number} kills\n")

    with tempfile.TemporaryDirectory() as folder:
        done = kill_while_saving(Path(folder) / "data", kills, tell=tell)
    sys.stdout.write(
        f"{done.kills} kills, {done.acknowledged} judgements acknowledged, all of them kept whole; "
        f"{done.kept} kept, none twice, {done.sent_again} forms sent again after a kill.\n"
    )


if __name__ == "__main__":
    main()
