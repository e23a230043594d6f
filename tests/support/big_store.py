"""Stores of as many invented passages as one likes, filled in seconds."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from samples import make_code, make_document, make_finding, make_judgement, make_review

from corpus.dates import PartialDate
from corpus.ids import PassageId, ReviewId
from corpus.model import Document, Finding, Kind, Level, Passage, Stance
from corpus.store import Store, open_store, put_document, put_judgements, put_review
from nlp.codebook import load_codebook

A_DOCUMENT = 40
"""Passages of a document."""
WORDS = ("lantern", "harbour", "meadow", "copper", "thimble", "orchard", "pebble", "saddle")


def fill_big_store(data_dir: Path, passages: int, *, seed: int = 1) -> Store:
    """A store of so many passages: a review a document, a finding in three passages of ten.

    One passage in fifty has been judged. Everything is stamped as read by ``big-1``.
    """
    store = open_store(data_dir)
    chance = random.Random(seed)
    themes = [theme.theme_id for theme in load_codebook().themes]
    for batch in _batches(_documents(passages, chance), 50):
        with store.writing() as connection:
            for number, (document, held) in batch:
                put_review(connection, make_review(f"review-{number}", f"{1974 + number % 50}"))
                put_document(connection, document, held)
            judged = [p for _, (_, held) in batch for p in held if chance.random() < 0.02]
            code = make_code(chance.choice(themes))
            put_judgements(connection, [make_judgement(p, code) for p in judged])
        of_batch = [p for _, (_, held) in batch for p in held]
        store.put_findings(_tagged(of_batch, themes, chance), tagger_version="big-1")
    store.gather_statistics()
    return store


def invent_document(
    number: int, chance: random.Random, *, size: int = A_DOCUMENT
) -> tuple[Document, list[Passage]]:
    """One document of a review, or now and then of news that belongs to none."""
    texts = [f"{number} {line} " + " ".join(chance.choices(WORDS, k=60)) for line in range(size)]
    news = number % 10 == 9
    return make_document(
        texts,
        identity=f"big:{number}",
        title=f"Invented report {number}",
        kind=Kind.NEWS if news else Kind.REVIEW,
        review_id=None if news else ReviewId(f"review-{number}"),
        published=PartialDate.parse(f"{1974 + number % 50}-{1 + number % 12:02d}"),
    )


def _documents(passages: int, chance: random.Random) -> Iterator["_Numbered"]:
    for number in range(-(-passages // A_DOCUMENT)):
        size = min(A_DOCUMENT, passages - number * A_DOCUMENT)
        yield number, invent_document(number, chance, size=size)


_Numbered = tuple[int, tuple[Document, list[Passage]]]


def _batches(items: Iterator[_Numbered], size: int) -> Iterator[list[_Numbered]]:
    batch: list[_Numbered] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _tagged(
    passages: Sequence[Passage], themes: Sequence[str], chance: random.Random
) -> dict[PassageId, list[Finding]]:
    tagged: dict[PassageId, list[Finding]] = {}
    for passage in passages:
        stance, level = chance.choice(list(Stance)), chance.choice(list(Level))
        code = make_code(chance.choice(themes), stance, level=level)
        found = [make_finding(passage, code)] if chance.random() < 0.3 else []
        tagged[passage.passage_id] = found
    return tagged
