"""How many reviews found each failing, decade by decade, with intervals.

    python docs/examples/counts_over_time.py http://127.0.0.1:8000

Three figures stand side by side and are never mixed: the machine's count, that of reviews
which people have checked whole, and the machine's corrected by them (left out where the
API refuses to correct, with its reason). Shares are of the reviews held, so a rise says
nothing of all reviews: read the notes that are printed last.
"""

import sys
from collections.abc import Iterator
from typing import Any

import throughline as tl

FIGURES = ("machine", "human_checked", "corrected")


def counts_by_decade(client: tl.Client) -> Iterator[dict[str, Any]]:
    """One record a decade, theme and figure: n, denominator, share and its 95% interval."""
    answer = client.counts(by="top-theme", group_by="decade")
    for group in answer.data["groups"]:
        for row in [group["total"], *group["rows"]]:
            (either,) = [cell for cell in row["cells"] if cell["level"] == "either"]
            for figure in FIGURES:
                yield {
                    "decade": group["key"],
                    "theme": row["theme"],
                    "figure": figure,
                    **{
                        key: either[figure][key]
                        for key in ("n", "denominator", "estimate", "ci_low", "ci_high", "method")
                    },
                }


def main() -> None:
    """Print the decades of every theme, then what they rest on."""
    with tl.Client(sys.argv[1]) as client:
        records = [each for each in counts_by_decade(client) if each["n"] is not None]
        print(f"{'decade':7} {'theme':34} {'figure':14} {'n':>5} {'of':>4}  share (95% interval)")
        for each in records:
            share = "none to count"
            if each["estimate"] is not None:
                low, high = each["ci_low"], each["ci_high"]
                share = f"{each['estimate']:.2f} ({low:.2f} to {high:.2f}, {each['method']})"
            print(
                f"{each['decade']:7} {each['theme']:34} {each['figure']:14} "
                f"{each['n']:5} {each['denominator']:4}  {share}"
            )
        answer = client.counts(select=["notes"])
        print("", *answer.data["notes"], "", answer.meta["how_to_cite"], sep="\n")


if __name__ == "__main__":
    main()
