"""The shipped catalogue with invented readings and reports, published and ready to report on."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from samples import make_code, make_document, make_finding, make_judgement, make_review
from shelves import index_passages

from corpus.analysed import iter_analysed
from corpus.catalogue import add_catalogue
from corpus.dates import PartialDate
from corpus.ids import PassageId, ReviewId
from corpus.model import Attribution, Finding, LicenceTier, Passage, Stance
from corpus.settings import Settings
from corpus.store import Store, open_store
from nlp.codebook import load_codebook
from web.holdings import Library
from web.publishing import publish

PUBLISHED_AT = dt.datetime(2026, 3, 4, 5, 6, 7, tzinfo=dt.UTC)
SITE = "https://throughline.example.org"
HIDDEN = "Wren Larkspur"
"""A name that its publisher kept anonymous."""
FORMULA = '=HYPERLINK("https://example.invalid/";"open") The school was not told.'
LONG = " ".join(["The surgery did not pass the letter on to the school in time."] * 12)


def catalogue_store(data_dir: Path) -> Store:
    """The shipped catalogue, its machine findings invented from the hand codes.

    The machine finds what every other passage with a failing has, and now and then a theme
    that is not there.
    """
    store = open_store(data_dir)
    add_catalogue(store, codebook_version=load_codebook().version)
    passages = {passage.passage_id: passage for passage in store.iter_passages()}
    found: dict[PassageId, list[Finding]] = {}
    for number, judgement in enumerate(store.iter_judgements()):
        passage = passages[judgement.passage_id]
        codes = [code for code in judgement.codes if code.stance is Stance.FAILING]
        if number % 7 == 3:
            codes.append(make_code("checks-not-made", attribution=Attribution.REPORTED))
        elif number % 2:
            codes = []
        found[judgement.passage_id] = [make_finding(passage, code) for code in dict.fromkeys(codes)]
    unread: dict[PassageId, list[Finding]] = {one: [] for one in passages if one not in found}
    store.put_findings(found | unread, tagger_version="invented-1")
    return store


def add_report(
    store: Store,
    review_id: str,
    texts: Sequence[str],
    *,
    tier: LicenceTier = LicenceTier.OWNER,
    theme: str = "lawful-basis-confusion",
    stance: Stance = Stance.FAILING,
    title: str | None = None,
    **review: object,
) -> list[Passage]:
    """A review of 2022 with its own text, in every passage of which the machine finds a theme."""
    title = title or f"Practice review: {review_id}"
    made = make_review(review_id, "2022-05", title=title, **review)
    store.add_review(made)
    document, passages = make_document(
        texts,
        identity=f"file:{review_id}",
        title=title,
        review_id=ReviewId(review_id),
        published=PartialDate.parse("2022-05"),
        publisher="An Invented Partnership",
        licence_tier=tier,
    )
    numbered = [
        replace(passage, page=2, paragraph=f"4.{passage.position + 1}") for passage in passages
    ]
    store.add_document(document, numbered)
    store.put_findings(
        {one.passage_id: [make_finding(one, make_code(theme, stance))] for one in numbered},
        tagger_version="invented-1",
    )
    return numbered


def add_reports(store: Store) -> None:
    """Reports with what must be handled with care: names, formulas, licences, what was denied."""
    add_report(
        store,
        "hidden-2022",
        (f"Nobody asked what {HIDDEN} had said.", "The clinic was not told of the move."),
        theme="workload-and-staffing",
        title="Practice review: Child Fern",
        case_names=(HIDDEN,),
        identity_link="national press; the publisher kept the child anonymous",
    )
    add_report(
        store, "formula-2022", (FORMULA,), title='=cmd|"/c calc"!A1', theme="data-protection-fear"
    )
    add_report(store, "long-2022", (LONG,), theme="shared-too-late")
    add_report(
        store,
        "closed-2022",
        ("These words belong to somebody who forbids their use.",),
        tier=LicenceTier.PERMISSION,
        theme="confidentiality-wall",
    )
    wrong = add_report(store, "denied-2022", ("The letter did arrive.",), theme="loop-not-closed")
    store.add_judgement(make_judgement(wrong[0]))
    add_report(
        store,
        "proposing-2022",
        ("Letters should be answered within a week.",),
        theme="loop-not-closed",
        stance=Stance.CHANGE_PROPOSED,
    )


def library_of(data_dir: Path) -> Library:
    """A library of what a data directory holds, read as it is."""
    return Library(Settings(data_dir=data_dir, public_url=SITE))


def publish_world(data_dir: Path, store: Store, *, at: dt.datetime = PUBLISHED_AT) -> str:
    """Index and publish what is held; gives the snapshot's name."""
    index_passages(data_dir, iter_analysed(store))
    return publish(library_of(data_dir), created_at=at)[0].name
