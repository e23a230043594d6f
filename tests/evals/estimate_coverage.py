"""Measure what the corrected estimate covers: python tests/evals/estimate_coverage.py."""

import argparse
import sys
from itertools import pairwise, product
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

BANDS = (0.0, 0.1, 0.5, 0.9, 1.01)
"""Shares of a cell's corpora that get an estimate: where the rules refuse most, those that pass
were chosen by chance, and the interval has the most to allow for."""

ENOUGH = 200
"""Offered intervals from which a cell's own coverage can be told, to some 1.5 points."""

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
    """What holds over the cells by how often an estimate is offered, and over those that tell."""
    lines = ["", f"cells: {len(cells)}"]
    for low, high in pairwise(BANDS):
        band = [cell for cell in cells if low <= cell.offered_share < high and cell.offered]
        lines.append(f"offered in {low:.0%} to {min(1, high):.0%} of corpora: {_all_of(band)}")
    lines.append(f"all that offer any: {_all_of([cell for cell in cells if cell.offered])}")
    telling = [cell for cell in cells if cell.offered >= ENOUGH]
    lines.append(f"with {ENOUGH} offered or more: {_all_of(telling)}")
    if telling:
        shares = [cell.share for cell in telling]
        within = sum(0.93 <= share <= 0.97 for share in shares)
        fits = sum(_fits(cell) for cell in telling)
        lines.append(f"of these within 93-97%: {within}; up to two standard errors: {fits}")
        lines.append(f"lowest {min(shares):.3f}, highest {max(shares):.3f}")
    return "\n".join([*lines, ""])


def _all_of(cells: list[Coverage]) -> str:
    offered = sum(cell.offered for cell in cells)
    covered, plain = (
        sum(numbers) / max(1, offered)
        for numbers in (
            [cell.covered for cell in cells],
            [cell.covered_plain for cell in cells],
        )
    )
    return f"{len(cells)} cells, {offered} offered, {covered:.3f} cover ({plain:.3f} unstretched)"


def _fits(cell: Coverage) -> bool:
    """Whether the cell's true coverage may lie within 93-97%."""
    nearest = min(max(cell.share, 0.93), 0.97)
    error = float((nearest * (1 - nearest) / cell.offered) ** 0.5)
    return abs(cell.share - nearest) <= 2 * error


if __name__ == "__main__":
    main()
