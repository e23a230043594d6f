"""No page asks the store in a loop: what more it lists costs no further query."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from fakes import FakeEncoder
from flask.testing import FlaskClient
from samples import make_code, make_document, make_finding, make_judgement, make_review
from shelves import index_passages

from corpus.analysed import iter_analysed
from corpus.dates import PartialDate
from corpus.ids import ReviewId
from corpus.model import Code, Kind, Passage, Stance
from corpus.settings import Settings
from corpus.store import Store, open_store
from nlp.search import Searcher
from web.app import create_app
from web.current import library_of

FEW, MANY = 3, 12
THEME = "shared-too-late"
STANCES = (Stance.FAILING, Stance.CHANGE_PROPOSED, Stance.GOOD_PRACTICE)


class Shelf:
    """So many reviews of so many passages each, analysed, judged in part, indexed and served."""

    def __init__(self, data_dir: Path, size: int) -> None:
        self.store = open_store(data_dir)
        self.passages = [one for number in range(size) for one in self._put(number, size)]
        index_passages(data_dir, iter_analysed(self.store))
        app = create_app(Settings(data_dir=data_dir, api_requests_per_minute=0))
        library = library_of(app)
        library.searcher = Searcher(library.store, data_dir, FakeEncoder)
        self.client: FlaskClient = app.test_client()

    def _put(self, number: int, size: int) -> list[Passage]:
        """A review with a report and our summary of it, and a news item beside them."""
        store, year = self.store, PartialDate.parse(f"{2001 + number}")
        review = ReviewId(f"review-{number}")
        store.add_review(make_review(review, str(year)))
        texts = [f"Letter {each} of {number} was sent late to the school." for each in range(size)]
        passages = _add(store, texts, Kind.REVIEW, year, review)
        digest = _add(store, texts, Kind.DIGEST, year, review)
        news = _add(store, texts, Kind.NEWS, year, None)
        store.put_findings(
            {one.passage_id: [make_finding(one, _code(one))] for one in passages + digest + news},
            tagger_version="t1",
        )
        store.add_judgements([make_judgement(one, _code(one)) for one in digest])
        return passages


def _add(
    store: Store, texts: Sequence[str], kind: Kind, year: PartialDate, review: ReviewId | None
) -> list[Passage]:
    document, passages = make_document(
        texts,
        identity=f"{kind}:{year}",
        kind=kind,
        review_id=review,
        published=year,
        publisher=f"Publisher {year}",
    )
    store.add_document(document, passages)
    return passages


def _code(passage: Passage) -> Code:
    return make_code(THEME, STANCES[passage.position % len(STANCES)])


@pytest.fixture(scope="module")
def shelves(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Shelf]:
    return {size: Shelf(tmp_path_factory.mktemp("shelf") / "data", size) for size in (FEW, MANY)}


@contextmanager
def counting_statements() -> Iterator[list[str]]:
    """Every statement that any store runs meanwhile."""
    ran: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        ran.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield ran
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


PAGES = (
    "/",
    "/search?q=letter",
    f"/search?theme={THEME}",
    "/search.atom?q=letter",
    "/reviews",
    "/reviews/review-2",
    "/recurrence",
    f"/recurrence?theme={THEME}&clock=incident",
    "/themes",
    f"/themes/{THEME}",
    "/documents/{document}",
    "/passages/{passage}",
    "/counts",
    "/counts/passages?theme=any-theme&level=either&figure=machine",
    "/counts/passages?theme=any-theme&level=either&figure=human_checked",
    "/compare?what=periods&a_from=2001&a_to=2002&b_from=2003&b_to=2020",
    "/compare?what=nations&a=England&b=Wales",
    "/sources",
    "/snapshots",
    "/published-figures",
    "/reports",
    "/reports/2003",
    "/api/v1/reviews",
    "/api/v1/reviews/review-2",
    "/api/v1/passages?per_page=20",
    "/api/v1/passages?q=letter&per_page=5",
)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_no_more_often_where_it_lists_more(
    shelves: dict[int, Shelf], address: str
) -> None:
    asked: dict[int, list[int]] = {}
    sizes: dict[int, int] = {}
    for number, shelf in shelves.items():
        asked[number], sizes[number] = [], 0
        passage = shelf.passages[-1]
        place = address.format(passage=passage.passage_id, document=passage.document_id)
        with shelf.store.writing():
            pass  # whatever was kept of an earlier page is out of date
        for _ in ("anew", "again"):
            with counting_statements() as ran:
                answer = shelf.client.get(place)
            assert answer.status_code == 200, place
            asked[number].append(len(ran))
            sizes[number] = len(answer.data)
    assert asked[MANY] <= asked[FEW]
    assert all(again <= anew for anew, again in asked.values())
