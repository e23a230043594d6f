"""A library of some invented reviews, large enough to be narrowed and paged through."""

import random
from dataclasses import dataclass
from pathlib import Path

from fakes import FakeEncoder
from flask import Flask
from flask.testing import FlaskClient
from samples import make_code, make_document, make_finding, make_judgement, make_review
from shelves import make_stamp

from corpus.analysed import iter_analysed
from corpus.dates import PartialDate
from corpus.ids import ReviewId
from corpus.model import Attribution, Code, Finding, Kind, Level, Passage, Stance
from corpus.settings import Settings
from corpus.store import Store, open_store
from nlp.build_index import build_index
from nlp.facet_columns import columns_writer
from nlp.search import Searcher
from web.app import create_app
from web.current import current_library

THEMES = ("siloed-decisions", "consent-treated-as-required", "checks-not-made")
WORDS = ("school", "consent", "nurse", "letter", "police", "letter lost", "meeting", "plan")
NATIONS = ("England", "Wales", "Scotland")
TYPES = ("serious case review", "child practice review")
PUBLISHERS = ("An Invented Partnership", "Another, with a Comma", "A Third")


@dataclass(frozen=True)
class SearchWorld:
    """The application, with what was put in."""

    app: Flask
    store: Store
    passages: list[Passage]

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()


def make_search_world(data_dir: Path, *, reviews: int = 12, passages: int = 7) -> SearchWorld:
    """Passages of invented words, coded by hand and by machine, surely and possibly."""
    rng = random.Random(7)
    store = open_store(data_dir)
    held = [one for at in range(reviews) for one in _add(store, at, passages, rng)]
    found: dict[str, list[Finding]] = {}
    for passage in held:
        codes = {(code.theme, code.stance): code for code in (_code(rng) for _ in range(3))}
        found[passage.passage_id] = [
            make_finding(passage, code, confident=rng.random() < 0.7, score=0.7)
            for code in codes.values()
        ][: rng.randrange(4)]
    store.put_findings(found, tagger_version="keyword-1")  # type: ignore[arg-type]  # ids are texts
    for passage in rng.sample(held, len(held) // 3):
        store.add_judgement(make_judgement(passage, *[_code(rng) for _ in range(rng.randrange(2))]))
    build_index(
        data_dir,
        iter_analysed(store),
        stamp=make_stamp(),
        encode=FakeEncoder().encode,
        beside=[columns_writer(store)],
    )
    app = create_app(Settings(data_dir=data_dir, api_requests_per_minute=0))
    app.testing = True
    with app.app_context():
        library = current_library()
        library.searcher = Searcher(library.store, data_dir, FakeEncoder)
    return SearchWorld(app, store, held)


def _add(store: Store, number: int, passages: int, rng: random.Random) -> list[Passage]:
    review_id = f"invented-{number}"
    published = PartialDate.parse(str(1990 + 3 * number))
    store.add_review(
        make_review(
            review_id,
            str(published),
            nation=rng.choice(NATIONS),
            review_type=rng.choice(TYPES),
        )
    )
    texts = [
        f"{' '.join(rng.choices(WORDS, k=6)).capitalize()} {number} {at}. Then the {at} ended."
        for at in range(passages)
    ]
    document, made = make_document(
        texts,
        identity=f"file:{review_id}",
        title=f"Report {number}",
        kind=rng.choice((Kind.REVIEW, Kind.NEWS, Kind.GUIDANCE)),
        publisher=rng.choice(PUBLISHERS),
        review_id=ReviewId(review_id) if number % 4 else None,
        published=published if number % 5 else None,
    )
    store.add_document(document, made)
    return made


def _code(rng: random.Random) -> Code:
    return make_code(
        rng.choice(THEMES),
        rng.choice(list(Stance)),
        level=rng.choice(list(Level)),
        attribution=rng.choice(list(Attribution)),
    )
