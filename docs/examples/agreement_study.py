"""How far one coder and the machine agree on which themes a passage has.

    python docs/examples/agreement_study.py http://127.0.0.1:8000 catalogue

For every passage that the coder has judged, their newest judgement is set beside the
machine's confident findings on the same passage, theme by theme and whatever the stance.
Cohen's kappa comes with a 95% interval from 1,000 resamples of passages, drawn with a
fixed seed. The coder ``catalogue`` wrote the digests and coded them, without seeing the
machine; a study for publication wants coders of its own, blind to both.
"""

import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import throughline as tl

RESAMPLES = 1_000


@dataclass(frozen=True)
class Judged:
    """One passage: the themes that the coder and the machine gave it."""

    passage_id: str
    coder: frozenset[str]
    machine: frozenset[str]


def judged_passages(client: tl.Client, coder: str) -> list[Judged]:
    """Every passage that the coder has judged."""
    wanted = ["passage_id", "judgements", "machine_findings"]
    found = []
    for row in client.passages(include=["judgements", "machine"], select=wanted):
        own = [each for each in row["judgements"] if each["coder"] == coder]
        if own:
            machine = [each for each in row["machine_findings"] if each["confident"]]
            found.append(
                Judged(
                    row["passage_id"],
                    frozenset(code["theme"] for code in own[-1]["codes"]),
                    frozenset(finding["theme"] for finding in machine),
                )
            )
    return found


def kappa(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Cohen's kappa of two raters' yes and no; None where chance alone explains all."""
    n = len(pairs)
    observed = sum(a == b for a, b in pairs) / n
    first, second = sum(a for a, _ in pairs) / n, sum(b for _, b in pairs) / n
    chance = first * second + (1 - first) * (1 - second)
    return None if chance == 1 else (observed - chance) / (1 - chance)


def interval(pairs: Sequence[tuple[bool, bool]]) -> tuple[float, float]:
    """A 95% interval of kappa by resampling passages."""
    chance = random.Random(1)
    drawn = (kappa(chance.choices(pairs, k=len(pairs))) for _ in range(RESAMPLES))
    values = sorted(value for value in drawn if value is not None)
    return values[int(0.025 * len(values))], values[int(0.975 * len(values)) - 1]


def main() -> None:
    """Print agreement for each theme that either gave to a passage."""
    coder = sys.argv[2]
    with tl.Client(sys.argv[1]) as client:
        judged = judged_passages(client, coder)
        cite = client.status().meta["how_to_cite"]
    print(f"{len(judged)} passages judged by {coder}")
    themes = sorted({theme for each in judged for theme in each.coder | each.machine})
    print(f"{'theme':38} {'both':>5} {'coder':>6} {'machine':>8}  kappa (95% interval)")
    for theme in themes:
        pairs = [(theme in each.coder, theme in each.machine) for each in judged]
        both = sum(a and b for a, b in pairs)
        coder_only, machine_only = sum(a for a, _ in pairs) - both, sum(b for _, b in pairs) - both
        value = kappa(pairs)
        words = "no variation"
        if value is not None:
            low, high = interval(pairs)
            words = f"{value:.2f} ({low:.2f} to {high:.2f})"
        print(f"{theme:38} {both:5} {coder_only:6} {machine_only:8}  {words}")
    print(cite)


if __name__ == "__main__":
    main()
