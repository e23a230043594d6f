import datetime as dt
from dataclasses import replace

import pytest

from corpus.dates import PartialDate
from corpus.ids import CaptureId
from corpus.model import Capture, Document, Kind, LicenceTier
from ingest.build import build_documents
from ingest.extracted import FILE_METADATA, Block, BlockKind, Extracted
from ingest.particulars import read_particulars
from ingest.spiders.listing import Sighting

ADDRESS = "https://harbour.example/reviews/quartz.pdf"
CAPTURE = Capture(
    capture_id=CaptureId("a" * 64),
    address=ADDRESS,
    captured_at=dt.datetime(2024, 5, 6, tzinfo=dt.UTC),
    media_type="application/pdf",
    size_bytes=1,
    warc_path="w",
)
ITEM = Extracted(
    raw_title="Child Quartz",
    blocks=(
        Block(text="Extended child practice review", kind=BlockKind.HEADING, level=1),
        Block(text="Commissioned by Harbour and Vale Regional Safeguarding Board"),
        Block(text="Date of incident: 3 May 2019"),
        Block(text="The surgery never heard from the school about the boy.", paragraph="1.1"),
    ),
    published=PartialDate.parse("2021-03"),
    published_from="first page",
    page_count=12,
)
LISTED = Sighting(
    address=ADDRESS,
    identity="content:77",
    title="Review of Child Quartz",
    published=PartialDate.parse("2021-03-09"),
    published_from="list item",
    publisher="Harbour Partnership",
    nation="England",
    author="Kim Lea",
    page_count=99,
)


def build(item: Extracted = ITEM, sighting: Sighting | None = None) -> Document:
    ((built),) = build_documents([item], CAPTURE, sighting=sighting)
    return built.document


def test_a_document_keeps_what_it_says_and_takes_the_rest_from_its_list_page() -> None:
    document = build(sighting=LISTED)
    assert document.title == "Child Quartz"
    assert (str(document.published), document.published_from) == ("2021-03", "first page")
    assert (str(document.incident), document.incident_from) == ("2019-05-03", "first page")
    assert document.review_type == "child practice review"
    assert document.partnership == "Harbour and Vale Regional Safeguarding Board"
    assert document.nation == "Wales"
    assert document.page_count == 12
    assert (document.publisher, document.author) == ("Harbour Partnership", "Kim Lea")
    assert (document.identity, document.url) == ("content:77", ADDRESS)
    assert document.marks == ()


def test_dates_that_exclude_each_other_are_marked_and_the_documents_own_is_kept() -> None:
    document = build(sighting=replace(LISTED, published=PartialDate.parse("2022-01-09")))
    assert str(document.published) == "2021-03"
    assert document.marks == ("date-disagrees",)


def test_the_date_a_file_was_made_yields_to_the_list_page() -> None:
    item = replace(ITEM, published=PartialDate.parse("2020"), published_from=FILE_METADATA)
    document = build(item, LISTED)
    assert (str(document.published), document.published_from) == ("2021-03-09", "list item")
    assert document.marks == ()
    assert str(build(item).published) == "2020"


@pytest.mark.parametrize("date", ["1246", "1970-01-01", "2099-01-01"])
def test_x7_a_date_that_cannot_be_is_left_out_and_marked(date: str) -> None:
    item = replace(ITEM, published=PartialDate.parse(date))
    assert build(item).published is None
    assert build(item).marks == ("implausible-date",)
    assert str(build(item, LISTED).published) == "2021-03-09"


def test_a_page_that_claims_another_sites_address_is_kept_under_its_own() -> None:
    claims = replace(ITEM, url="https://www.gov.uk/a", identity="https://gov.uk/a")
    document = build(claims, replace(LISTED, identity=None))
    assert (document.url, document.identity) == (ADDRESS, ADDRESS)
    assert document.licence_tier is LicenceTier.OWNER
    assert "address-disagrees" in document.marks


def test_a_title_from_a_list_page_is_cleaned_too() -> None:
    spam = "极速赛车168最新开奖号码 "
    document = build(replace(ITEM, raw_title=""), replace(LISTED, title=spam + "Child Quartz"))
    assert document.title == "Child Quartz"
    assert {"channel-tampered", "title-cleaned"} <= set(document.marks)


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Independent reviewer: Kim Lea", "Kim Lea"),
        ("Report authors | Dr Kim Lea and Sasha Field", "Dr Kim Lea and Sasha Field"),
        ("Author: to be confirmed", None),
        ("The independent reviewer met the family in May", None),
    ],
)
def test_a_cover_names_its_author(line: str, author: str | None) -> None:
    assert read_particulars("Child Slate", [line], Kind.REVIEW).author == author


@pytest.mark.parametrize(
    ("lines", "review_type", "partnership", "nation"),
    [
        (["Serious case review", "Harbour LSCB"], "serious case review", None, None),
        (
            [
                "Local Child Safeguarding Practice Review",
                "Isle of Sea Safeguarding Children Board",
            ],
            "local child safeguarding practice review",
            "Isle of Sea Safeguarding Children Board",
            "England",
        ),
        (
            ["Child practice review", "for Harbour Safeguarding Children Partnership"],
            "child practice review",
            "Harbour Safeguarding Children Partnership",
            None,
        ),
        (["Letters", "The safeguarding board met in May."], None, None, None),
    ],
)
def test_a_nation_is_given_only_where_its_names_agree(
    lines: list[str], review_type: str | None, partnership: str | None, nation: str | None
) -> None:
    found = read_particulars("Child Slate", lines, Kind.REVIEW)
    assert (found.review_type, found.partnership, found.nation) == (
        review_type,
        partnership,
        nation,
    )
    assert read_particulars("Child Slate", lines, Kind.NEWS).review_type is None
