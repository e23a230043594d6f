"""Measure what the corrected estimate covers: python tests/evals/estimate_coverage.py."""

import argparse
import sys
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from simulated_reviews import Coverage, Draw, World, simulate

SHARES = (0.02, 0.05, 0.10, 0.25, 0.50)
MACHINES = ((0.60, 0.90), (0.70, 0.95), (0.85, 0.90), (0.85, 0.98), (0.95, 0.95))
CHECKED = (30, 60, 100, 200)
PLANS: tuple[tuple[int, Draw, tuple[int, ...]], ...] = (
    (1, "simple", CHECKED),
    (1, "by label", CHECKED),
    (5, "by label", (100, 200)),
    (5, "whole cases", (100, 200)),
)
"""Reviews per case, how the sample is drawn, and how many are checked."""

OFTEN = 0.9
"""A cell counts as offered where this share of its corpora gets an estimate. Elsewhere the
rule on positives lets through the corpora that happened to show many, and these lean."""

HEADER = "draw         per case  share  sens  spec    n  offered  covered  width  naive\n"


def main() -> None:
    """Print a row a cell, then what holds over all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20261122)
    asked = parser.parse_args()
    sys.stdout.write(HEADER)
    cells = []
    for number, (plan, share, machine) in enumerate(product(PLANS, SHARES, MACHINES)):
        per_case, draw, sizes = plan
        world = World(
            share=share, sensitivity=machine[0], specificity=machine[1], per_case=per_case
        )
        for n in sizes:
            cell = simulate(
                world, n=n, draw=draw, corpora=asked.corpora, seed=asked.seed + 1000 * number + n
            )
            cells.append(cell)
            sys.stdout.write(_row(world, draw, n, cell))
    sys.stdout.write(_summary(cells))


def _row(world: World, draw: Draw, n: int, cell: Coverage) -> str:
    covered = f"{cell.share:7.3f}  {cell.width:5.3f}" if cell.offered else "      –      –"
    return (
        f"{draw:12} {world.per_case:8}  {world.share:5.2f}  {world.sensitivity:4.2f}  "
        f"{world.specificity:4.2f}  {n:3}  {cell.offered_share:7.3f}  {covered}  "
        f"{cell.naive / cell.corpora:5.3f}\n"
    )


def _summary(cells: list[Coverage]) -> str:
    often = [cell.share for cell in cells if cell.offered_share >= OFTEN]
    offered = sum(cell.offered for cell in cells)
    covered = sum(cell.covered for cell in cells)
    within = sum(0.93 <= share <= 0.97 for share in often)
    lines = [
        f"cells: {len(cells)}; offered in at least {OFTEN:.0%} of corpora: {len(often)}",
        f"of these within 93-97%: {within}",
        f"all offered intervals: {offered}, of which {covered / max(1, offered):.3f} cover",
    ]
    if often:
        lines.insert(2, f"lowest {min(often):.3f}, highest {max(often):.3f}")
    return "\n".join(["", *lines, ""])


if __name__ == "__main__":
    main()
