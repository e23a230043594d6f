"""Precision of echoes on judged pairs of the shipped catalogue."""

import hashlib
import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from markdown import table
from tag_measures import wilson

from corpus.catalogue.add import add_catalogue
from corpus.catalogue.load import load_catalogue
from corpus.failings import failings_of_reviews
from corpus.store import Store
from nlp.codebook import load_codebook
from nlp.echo_agreement import Weights, load_weights
from nlp.echo_candidates import DIRECTIONS
from nlp.echoes import find_echoes
from nlp.embed import Vectors

PAIRS = Path(__file__).parents[1] / "evals" / "echo_pairs.jsonl"
DRAWS = 2000

# Only the same theme, in order of the cosine: what a list of nearest passages gives.
PLAIN = Weights(meaning=1, words=0, theme=10, sibling=0, mechanism=0, actors=0, objects=0, least=9)
RANKERS: Mapping[str, Callable[[], Weights]] = {
    "cosine within the theme": lambda: PLAIN,
    "as shipped": load_weights,
}


@dataclass(frozen=True)
class Pair:
    """One judged pair: findings by review id and number."""

    finding: str
    echo: str
    answer: str
    half: str
    texts: tuple[str, str]
    """The beginnings of the hashes of the two texts as they were judged."""


@dataclass(frozen=True)
class Shelf:
    """The catalogue in a store, with the vectors of what failed."""

    store: Store
    ids: Mapping[str, str]
    """Finding to passage id."""
    texts: Mapping[str, str]
    vectors: Mapping[str, Vectors]

    def vectors_of(self, passage_ids: Sequence[str]) -> Mapping[str, Vectors]:
        """As :meth:`nlp.search.Searcher.vectors_of`."""
        return {each: self.vectors[each] for each in passage_ids if each in self.vectors}


@dataclass(frozen=True)
class Listed:
    """What one ranker offers for one finding in one direction: the answers, best first."""

    finding: str
    answers: tuple[str, ...]
    """``unjudged`` where nobody judged the pair."""


def read_pairs(path: Path = PAIRS) -> list[Pair]:
    """Read the judged pairs."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Pair(**row | {"texts": tuple(row["texts"])}) for row in map(json.loads, lines)]


def load_shelf(store: Store, encode: Callable[[Sequence[str]], Vectors]) -> Shelf:
    """Put the catalogue into an empty store, and embed its failings."""
    codebook = load_codebook()
    add_catalogue(store, codebook_version=codebook.version)
    ids, texts = {}, {}
    for entry in load_catalogue():
        for passage in entry.passages:
            name = f"{entry.review.review_id}/{passage.paragraph}"
            ids[name], texts[name] = str(passage.passage_id), passage.text
    held = sorted({str(each.passage_id) for each in failings_of_reviews(store, codebook.rollup)})
    by_id = {passage_id: texts[name] for name, passage_id in ids.items()}
    vectors = encode([by_id[each] for each in held])
    return Shelf(store, ids, texts, dict(zip(held, vectors, strict=True)))


def list_echoes(shelf: Shelf, pairs: Sequence[Pair], half: str, weights: Weights) -> list[Listed]:
    """Ask for the echoes of every judged finding of one half, in both directions."""
    answers = {(pair.finding, pair.echo): pair.answer for pair in pairs if pair.half == half}
    names = {passage_id: name for name, passage_id in shelf.ids.items()}
    listed = []
    for finding in sorted({pair.finding for pair in pairs if pair.half == half}):
        if finding not in shelf.ids:
            continue
        found = find_echoes(shelf.store, shelf.vectors_of, shelf.ids[finding], weights=weights)
        for direction in DIRECTIONS:
            offered = [names[str(echo.passage_id)] for echo in found.of(direction)]
            given = tuple(answers.get((finding, each), "unjudged") for each in offered)
            listed.append(Listed(finding, given))
    return listed


def reworded(shelf: Shelf, pairs: Sequence[Pair]) -> int:
    """How many pairs were judged on another wording, or lost a finding since."""
    now = {
        name: hashlib.sha256(text.encode()).hexdigest()[:8] for name, text in shelf.texts.items()
    }
    return sum(pair.texts != (now.get(pair.finding), now.get(pair.echo)) for pair in pairs)


def precision_row(name: str, listed: Sequence[Listed]) -> list[str]:
    """A row of the table: offered, precision at one and at three, and what three find."""
    first = [each.answers[:1] for each in listed]
    cells = [name, f"{sum(map(bool, first))} of {len(listed)}"]
    for good in ({"same"}, {"same", "related"}):
        firsts = [answer in good for answers in first for answer in answers]
        low, high = wilson(sum(firsts), len(firsts))
        cells.append(f"{_share(firsts)} ({low:.2f} to {high:.2f})")
    for good in ({"same"}, {"same", "related"}):
        threes = [answer in good for each in listed for answer in each.answers]
        low, high = _bootstrap(listed, good)
        cells.append(f"{_share(threes)} ({low:.2f} to {high:.2f})")
    cells.append(str(sum(answer == "same" for each in listed for answer in each.answers)))
    cells.append(str(sum(answer == "unjudged" for each in listed for answer in each.answers)))
    return cells


HEADS = (
    "ranker",
    "lists with an echo",
    "P@1, same",
    "P@1, same or related",
    "P@3, same",
    "P@3, same or related",
    "same found",
    "unjudged",
)


def measure(shelf: Shelf, pairs: Sequence[Pair]) -> str:
    """The measured part of docs/echoes.md."""
    parts = [
        (
            f"*{len(pairs)} judged pairs; {reworded(shelf, pairs)} of them judged on a wording "
            "that the catalogue has changed since.*"
        )
    ]
    for half, title in (("test", "Kept aside"), ("dev", "Chosen on")):
        counts = [sum(p.half == half and p.answer == a for p in pairs) for a in _ANSWERS]
        rows = [
            precision_row(name, list_echoes(shelf, pairs, half, weights()))
            for name, weights in RANKERS.items()
        ]
        parts.append(
            f"### {title}\n\n{sum(counts)} pairs: {counts[0]} same, {counts[1]} related, "
            f"{counts[2]} different.\n\n{table(HEADS, rows)}"
        )
    return "\n\n".join(parts)


_ANSWERS = ("same", "related", "different")


def _share(right: Sequence[bool]) -> str:
    return f"{sum(right) / len(right):.2f}" if right else "–"


def _bootstrap(listed: Sequence[Listed], good: set[str]) -> tuple[float, float]:
    # Lists of one finding are not independent, so findings are drawn, not pairs.
    by_finding: dict[str, list[int]] = {}
    for each in listed:
        tally = by_finding.setdefault(each.finding, [0, 0])
        tally[0] += sum(answer in good for answer in each.answers)
        tally[1] += len(each.answers)
    tallies, chance = list(by_finding.values()), random.Random(1)
    shares = []
    for _ in range(DRAWS):
        drawn = chance.choices(tallies, k=len(tallies))
        offered = sum(count for _, count in drawn)
        shares.append(sum(right for right, _ in drawn) / offered if offered else 0.0)
    shares.sort()
    return shares[int(DRAWS * 0.025)], shares[int(DRAWS * 0.975)]
