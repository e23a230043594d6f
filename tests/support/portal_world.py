"""A small invented library behind the real web application, with a fake encoder."""

from dataclasses import dataclass
from pathlib import Path

from fakes import FakeEncoder
from flask import Flask
from flask.testing import FlaskClient
from samples import make_code, make_document, make_finding, make_judgement, make_review
from shelves import index_passages

from corpus.analysed import iter_analysed
from corpus.dates import PartialDate
from corpus.ids import PassageId, ReviewId
from corpus.model import (
    Attribution,
    EvidenceGrade,
    Figure,
    Finding,
    Kind,
    LicenceTier,
    Passage,
    Review,
    Span,
    Stance,
)
from corpus.settings import Settings
from corpus.store import Store, open_store
from nlp.search import Searcher
from web.app import create_app
from web.current import current_library

HOSTILE = '<script>alert(1)</script> & "quoted" <img src=x>'
NEWS_WORDS = " ".join(f"word{number}" for number in range(60))


@dataclass(frozen=True)
class PortalWorld:
    """The application, with what was put in."""

    app: Flask
    store: Store
    digest_1974: list[Passage]
    digest_2003: list[Passage]
    report_2013: list[Passage]
    news: list[Passage]

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def get(self, address: str, status: int = 200) -> str:
        """The page at an address, which must answer with this status."""
        response = self.client.get(address)
        assert response.status_code == status, (address, response.status_code)
        return response.get_data(as_text=True)


def make_world(data_dir: Path) -> PortalWorld:
    """Three reviews and a news report, analysed, indexed and served."""
    store = open_store(data_dir)
    first = _add_digest(store, _first_review(), _FIRST, grade=EvidenceGrade.OFFICIAL)
    second = _add_digest(store, _second_review(), _SECOND, grade=EvidenceGrade.PRESS)
    report = _add_report(store)
    news = _add_news(store)
    _judge(store, first, second)
    _tag(store, report, news, others=first + second)
    index_passages(data_dir, iter_analysed(store))
    app = create_app(
        Settings(data_dir=data_dir, contact="corrections@example.org", api_requests_per_minute=0)
    )
    app.testing = True
    with app.app_context():
        library = current_library()
        library.searcher = Searcher(library.store, data_dir, FakeEncoder)
    return PortalWorld(app, store, first, second, report, news)


_FIRST = (
    "The school and the surgery each kept what they knew to themselves.",
    "Records should follow the child from area to area.",
    "The visits were well planned.",
)
_SECOND = (
    "Nobody told the hospital about the earlier injuries.",
    "The inquiry was asked whether consent had been a barrier.",
)


def _first_review() -> Review:
    return make_review(
        "ann-example-1974",
        "1974-09-02",
        title="Report of the inquiry into the care of Ann Example",
        review_type="public inquiry",
        case_names=("Ann Example",),
        incident=PartialDate.parse("1973-01"),
        cautions=("The date is in dispute.",),
        sources=("https://www.bbc.co.uk/lurid-words-and-a-name", "javascript:alert(1)"),
        figures=(
            Figure(
                statement="Children seen",
                value="12",
                unit="children",
                period=None,
                source_url="https://www.bbc.co.uk/figures",
            ),
        ),
    )


def _second_review() -> Review:
    return make_review(
        "child-n-2003",
        "2003",
        title="Serious case review: Child N",
        nation="Wales",
        case_names=("Hidden Name",),
        identity_link="national press; the publisher kept the child anonymous",
        summary=HOSTILE,
    )


def _add_digest(
    store: Store, review: Review, texts: tuple[str, ...], *, grade: EvidenceGrade
) -> list[Passage]:
    store.add_review(review)
    document, passages = make_document(
        texts,
        identity=f"catalogue:{review.review_id}",
        kind=Kind.DIGEST,
        title=review.title,
        review_id=review.review_id,
        published=review.published,
        publisher="Throughline",
    )
    graded = [
        Passage(
            **{
                **{name: getattr(passage, name) for name in passage.__dataclass_fields__},
                "evidence_grade": grade,
                "source_url": "https://www.bbc.co.uk/lurid-words-and-a-name",
                "paragraph": str(passage.position + 1),
            }
        )
        for passage in passages
    ]
    store.add_document(document, graded)
    return graded


def _add_report(store: Store) -> list[Passage]:
    store.add_review(make_review("report-2013", "2013-05", title="Overview report: the K family"))
    document, passages = make_document(
        (f"Each agency held one piece of the picture. {HOSTILE}", "Undated appendix."),
        identity="file:report-2013",
        title="Overview report: the K family",
        review_id=ReviewId("report-2013"),
        published=PartialDate.parse("2013-05"),
        publisher="An Invented Partnership",
        licence_tier=LicenceTier.OWNER,
    )
    store.add_document(document, passages)
    return passages


def _add_news(store: Store) -> list[Passage]:
    document, passages = make_document(
        (NEWS_WORDS, "Registers were promised by ministers."),
        identity="https://www.communitycare.co.uk/?p=1",
        kind=Kind.NEWS,
        title=f"Ministers promise registers {HOSTILE}",
        url="https://www.communitycare.co.uk/2025/01/24/an-item/",
        publisher="Community Care",
        published=PartialDate.parse("2025-01-24"),
        licence_tier=LicenceTier.PRESS,
        raw_title="SPAM SPAM Ministers promise registers",
        title_rule="TITLE-001",
        marks=("channel-tampered",),
        skipped={"caption": 3},
    )
    store.add_document(document, passages)
    return passages


def _judge(store: Store, first: list[Passage], second: list[Passage]) -> None:
    reported = Attribution.REPORTED
    for passage, code in (
        (first[0], make_code(attribution=reported)),
        (first[1], make_code("cross-border-move", Stance.CHANGE_PROPOSED, attribution=reported)),
        (first[2], make_code("checks-not-made", Stance.GOOD_PRACTICE, attribution=reported)),
        (second[0], make_code(attribution=reported)),
        (
            second[1],
            make_code("consent-treated-as-required", Stance.NEGATED, attribution=reported),
        ),
    ):
        store.add_judgement(make_judgement(passage, code, coder="catalogue"))


def _tag(
    store: Store, report: list[Passage], news: list[Passage], *, others: list[Passage]
) -> None:
    machine: dict[PassageId, list[Finding]] = {
        report[0].passage_id: [
            make_finding(
                report[0],
                make_code("siloed-decisions"),
                evidence=(Span(5, 11),),
                support=("SIL-001", "failing-verb"),
            ),
            make_finding(report[0], make_code("picture-not-built"), score=0.41, confident=False),
        ],
        report[1].passage_id: [],
        news[0].passage_id: [
            make_finding(
                news[0],
                make_code("home-education-invisibility", attribution=Attribution.CLAIM),
                evidence=(Span(0, 5), Span(300, 306)),
            )
        ],
        news[1].passage_id: [],
    }
    machine |= {passage.passage_id: [] for passage in others}
    store.put_findings(machine, tagger_version="keyword-1")
