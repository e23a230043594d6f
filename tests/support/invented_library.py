"""Libraries of as many invented passages as one likes, for timings: a million in minutes.

Passages are three sentences of a stock of some thousands, put together from invented parts,
and a clause of invented words as rare as real ones. The sentences of the stock are encoded;
a passage's vector is the mean of its sentences' with noise added, because to encode a
million passages takes hours. Speeds carry over from such vectors, ranks do not.
"""

import itertools
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from samples import make_document, make_review

from corpus import tables as t
from corpus.dates import PartialDate
from corpus.ids import ReviewId
from corpus.model import Attribution, Kind, Level, Passage, Stance
from corpus.rows import document_row, review_row
from corpus.store import Store, open_store
from nlp.codebook import load_codebook
from nlp.embed import DIMENSION, Encoder, Vectors
from nlp.theme_rows import Marks, mark_names

WHO = (
    "the school",
    "the nursery",
    "the clinic",
    "the housing office",
    "the health visitors",
    "the police",
    "the hospital",
    "the social workers",
    "the youth service",
    "the surgery",
    "the probation office",
    "the board",
)
DID = (
    "did not ring",
    "never wrote to",
    "could not reach",
    "was not told by",
    "waited for",
    "relied on",
    "kept a record from",
    "passed a note to",
    "asked nothing of",
    "met only once with",
)
WHAT = (
    "about the bruises",
    "about the move",
    "before the meeting",
    "after the call",
    "on the earlier concerns",
    "about consent",
    "for fear of the law",
    "in time",
    "about the older brother",
    "on the new address",
    "about the bail conditions",
    "on the missed appointments",
    "about the dog",
    "after the holidays",
)
WHY = (
    "because the parents had not agreed",
    "as the systems were not joined",
    "since nobody held the whole",
    "although it was two streets away",
    "because the form was lost",
    "as each thought another would",
    "since the case was closed",
    "although a worker had asked twice",
    "because names were spelt in two ways",
)
SYLLABLES = (
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ka",
    "le",
    "mi",
    "no",
    "pu",
    "ra",
    "se",
    "ti",
    "vo",
)
STOCK = 3000
A_DOCUMENT = 40
NOISE = 0.5
"""Length of the noise beside a mean of unit length: near passages are not near duplicates."""
_TAGGER = "invented-1"
_BATCH = 25


class InventedLibrary:
    """The same passages, vectors and queries on every machine, by their seed."""

    def __init__(self, encoder: Encoder, *, seed: int = 1, encoded: bool = True) -> None:
        """Put the stock together and, unless only queries are wanted, encode it: half a minute."""
        self.chance = random.Random(seed)
        parts = list(itertools.product(WHO, DID, WHO, WHAT, WHY))
        chosen = self.chance.sample(parts, STOCK)
        self.stock = [
            f"{who[0].upper()}{who[1:]} {did} {whom} {what}, {why}."
            for who, did, whom, what, why in chosen
        ]
        self._at = {sentence: at for at, sentence in enumerate(self.stock)}
        self.vectors = encoder.encode(self.stock if encoded else [])
        words = ["".join(one) for one in itertools.product(SYLLABLES, repeat=4)]
        self.words = self.chance.sample(words, 30_000)
        self._shares = list(itertools.accumulate(1 / (at + 3) for at in range(len(self.words))))

    def fill(self, data_dir: Path, passages: int) -> Store:
        """A store of so many passages, as read by a tagger; one in a thousand is judged."""
        store = open_store(data_dir)
        themes = [theme.theme_id for theme in load_codebook().themes]
        numbers = iter(range(-(-passages // A_DOCUMENT)))
        while batch := list(itertools.islice(numbers, _BATCH)):
            with store.writing() as connection:
                for number in batch:
                    size = min(A_DOCUMENT, passages - number * A_DOCUMENT)
                    self._put(connection, number, size, themes)
        store.gather_statistics()
        return store

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of invented passages; see the module."""
        rows = np.array([[self._at[one] for one in self._sentences(text)] for text in texts])
        mean = self.vectors[rows].mean(axis=1)
        mean /= np.linalg.norm(mean, axis=1, keepdims=True)
        noise = np.random.default_rng(len(texts[0])).standard_normal(mean.shape)
        near = mean + NOISE * noise.astype(np.float32) / np.sqrt(DIMENSION)
        return np.asarray(near / np.linalg.norm(near, axis=1, keepdims=True), dtype=np.float32)

    def marks(self, ids: Sequence[str]) -> dict[str, Marks]:
        """Marks of themes and stances: mostly low, as a tagger's are."""
        chance = np.random.default_rng(int.from_bytes(ids[0].encode()[-4:], "big"))
        rows = (255 * chance.random((len(ids), len(mark_names()))) ** 6).astype(np.uint8)
        return dict(zip(ids, rows, strict=True))

    def queries(self, count: int) -> list[str]:
        """Questions put together from the parts otherwise than the stock, some with rare words."""
        chance = random.Random(7)
        asked = []
        for number in range(count):
            who, whom = chance.sample(WHO, 2)
            rare = f" {self.word(chance)}" if number % 4 == 0 else ""
            asked.append(f"why {who} {chance.choice(DID)} {whom} {chance.choice(WHAT)}{rare}")
        return asked

    def word(self, chance: random.Random) -> str:
        """An invented word, as often as words of that rank are."""
        return chance.choices(self.words, cum_weights=self._shares)[0]

    def _sentences(self, text: str) -> Iterator[str]:
        return (f"{one}." for one in text.split(". ")[:3])

    def _text(self) -> str:
        sentences = self.chance.choices(self.stock, k=3)
        words = self.chance.choices(self.words, cum_weights=self._shares, k=14)
        return f"{' '.join(sentences)} It named {' '.join(words)}."

    def _put(
        self, connection: sa.Connection, number: int, size: int, themes: Sequence[str]
    ) -> None:
        news = number % 3 == 2
        review = f"review-{number // 3}"
        document, passages = make_document(
            [self._text() for _ in range(size)],
            identity=f"invented:{number}",
            title=f"Invented report {number}",
            kind=Kind.NEWS if news else (Kind.REVIEW, Kind.DIGEST)[number % 3],
            review_id=None if news else ReviewId(review),
            published=PartialDate.parse(f"{1974 + number % 50}-{1 + number % 12:02d}"),
            publisher=f"Publisher {number % 17}",
        )
        if number % 3 == 0:
            made = make_review(review, nation=("England", "Wales", "Scotland")[number % 9 // 3])
            connection.execute(sa.insert(t.reviews).values(review_row(made)))
        connection.execute(sa.insert(t.documents).values(document_row(document)))
        connection.execute(sa.insert(t.passages), [_passage_row(one) for one in passages])
        found = [row for one in passages for row in self._findings(one, themes)]
        if found:
            connection.execute(sa.insert(t.findings), found)

    def _findings(self, passage: Passage, themes: Sequence[str]) -> Iterator[dict[str, Any]]:
        for theme in self.chance.sample(themes, self.chance.choice((0, 0, 1, 1, 2))):
            yield {
                "passage_id": passage.passage_id,
                "theme": theme,
                "stance": self.chance.choice(list(Stance)).value,
                "level": self.chance.choice(list(Level)).value,
                "attribution": Attribution.OWN_VOICE.value,
                "score": round(self.chance.random(), 3),
                "confident": self.chance.random() < 0.6,
                "evidence": [[0, 3]],
                "support": [],
                "tagger_version": _TAGGER,
            }


def _passage_row(passage: Passage) -> dict[str, Any]:
    return {
        "passage_id": passage.passage_id,
        "document_id": passage.document_id,
        "position": passage.position,
        "start_char": passage.start_char,
        "end_char": passage.end_char,
        "text": passage.text,
        "tagger_version": _TAGGER,
    }
