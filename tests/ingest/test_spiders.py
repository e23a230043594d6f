"""Every way of listing against invented pages, and every source file against its spider."""

import datetime as dt
import json
import os
import re
import tomllib
from dataclasses import fields, is_dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from corpus.dates import PartialDate
from corpus.errors import InvalidInputError, SourceError
from corpus.model import Kind, LicenceTier
from ingest.captures import describe_capture
from ingest.derive import derive_inline
from ingest.source import FOLDER, Source, load_sources, read_source
from ingest.spiders import load_spider, spider_names
from ingest.spiders.folder import list_files
from ingest.spiders.listing import FetchedPage

EXAMPLES = Path(__file__).parents[1] / "examples"
CASES = sorted(EXAMPLES.glob("*/*.case.toml"))
SOURCES = load_sources()


def make_source(spider: str, start: list[str], **said: object) -> Source:
    hosts = [urlsplit(address).hostname or "" for address in start]
    given = {"hosts": hosts, **said}
    return Source(
        source_id="example",
        name="An invented publisher",
        publisher="An invented publisher",
        spider=spider,
        start=tuple(start),
        hosts=tuple(given["hosts"]),  # type: ignore[arg-type]
        licence_tier=LicenceTier.OWNER,
        crawl_delay_s=1.0,
        robots_note="invented",
        options=given.get("options", {}),  # type: ignore[arg-type]
    )


def as_json(value: object) -> object:
    """Write a value down without what it leaves unsaid."""
    if is_dataclass(value) and not isinstance(value, PartialDate):
        held = {one.name: as_json(getattr(value, one.name)) for one in fields(value)}
        return {name: said for name, said in held.items() if said not in (None, [], {}, False)}
    if isinstance(value, tuple | list):
        return [as_json(one) for one in value]
    if isinstance(value, dict):
        return {name: as_json(one) for name, one in value.items()}
    if isinstance(value, bytes):
        return value.decode()
    return value if isinstance(value, int | None) else str(value)


def read_case(path: Path) -> dict[str, object]:
    """Run a spider over an example's page; what it refuses is part of what is expected."""
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    said = case.get("source", {})
    source = make_source(path.parent.name, **{"start": [case["address"]], **said})
    since = dt.date.fromisoformat(case["since"]) if "since" in case else None
    spider = load_spider(source)
    found: dict[str, object] = {}
    try:
        start = spider.start(source, since)
        if "since" in case or "page" not in case:
            found["start"] = as_json(start)
        if "page" in case:
            page = FetchedPage(
                address=case["address"],
                headers=case.get("headers", {}),
                body=(path.parent / case["page"]).read_bytes(),
            )
            found["listing"] = as_json(spider.read(source, page))
    except SourceError as error:
        found["refused"] = str(error)
    return found


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem[:-5]}")
def test_a_page_is_read_as_was_agreed(path: Path) -> None:
    found = read_case(path)
    expected = path.with_name(path.name.replace(".case.toml", ".expected.json"))
    if not expected.exists():
        text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
        expected.write_text(text, encoding="utf-8")
        pytest.fail(f"{expected.name} was written: read it, then run again")
    assert found == json.loads(expected.read_text(encoding="utf-8"))


@pytest.mark.parametrize("spider", spider_names())
def test_every_spider_has_an_example(spider: str) -> None:
    assert any(path.parent.name == spider for path in CASES), (
        f"write an invented page, its .case.toml and .expected.json under tests/examples/{spider}"
    )


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_a_shipped_source_can_be_crawled(source: Source) -> None:
    spider = load_spider(source)
    assert source.spider in spider_names()
    assert source.licence_tier not in (LicenceTier.PERMISSION, LicenceTier.NEVER)
    if source.spider == FOLDER:
        return
    assert source.crawl_delay_s >= 1
    for address in spider.start(source, dt.date(2025, 1, 1)):
        assert urlsplit(address).hostname in source.hosts
        assert urlsplit(address).scheme == "https"


def test_an_unknown_spider_is_named_with_those_that_there_are() -> None:
    source = make_source("carrier_pigeon", ["https://harbour.example/"])
    with pytest.raises(InvalidInputError, match=r"carrier_pigeon.*wordpress"):
        load_spider(source)


def test_an_unknown_option_is_named_with_those_that_there_are() -> None:
    source = make_source("feed", ["https://harbour.example/feed"], options={"fetch_item": True})
    with pytest.raises(InvalidInputError, match=r"'fetch_item'.*fetch_items"):
        load_spider(source)


def test_a_watched_folder_gives_its_files_in_order_and_says_what_it_leaves(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    for name in ("b/second.pdf", "a/First.PDF", "notes.tmp", ".hidden/x.pdf"):
        (inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_bytes(b"invented")
    (tmp_path / "elsewhere.pdf").write_bytes(b"invented")
    (inbox / "way-out.pdf").symlink_to(tmp_path / "elsewhere.pdf")
    source = make_source("folder", ["inbox"], hosts=[], options={"names": ["*.pdf"]})
    found = list_files(source, tmp_path)
    assert [path.relative_to(inbox).as_posix() for path in found.files] == [
        "a/First.PDF",
        "b/second.pdf",
    ]
    assert {one.address: one.reason for one in found.passed_over} == {
        "notes.tmp": "has none of the names that this source keeps",
        ".hidden/x.pdf": "is hidden: its name begins with a dot",
        "way-out.pdf": "is a link that leads out of the folder",
    }


def test_a_watched_folder_can_be_narrowed_to_what_changed_since(tmp_path: Path) -> None:
    old, new = tmp_path / "old.pdf", tmp_path / "new.pdf"
    for path, year in ((old, 2020), (new, 2025)):
        path.write_bytes(b"invented")
        moment = dt.datetime(year, 6, 1, 12, tzinfo=dt.UTC).timestamp()
        os.utime(path, (moment, moment))
    source = make_source("folder", [str(tmp_path)], hosts=[])
    assert list_files(source, tmp_path, dt.date(2024, 1, 1)).files == (new,)


def test_a_watched_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert list_files(make_source("folder", ["inbox"], hosts=[]), tmp_path).files == ()
    source = make_source("folder", [str(tmp_path / "inbox")], hosts=[])
    with pytest.raises(SourceError, match=r"inbox .*is not there"):
        list_files(source, tmp_path)


def test_the_worked_example_of_how_to_add_a_publisher_holds() -> None:
    text = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    told = text[text.index("**A publisher.**") :]
    file, page, case = (
        re.findall(rf"```{form}\n(.*?)```", told, re.DOTALL)[number]
        for form, number in (("toml", 0), ("html", 0), ("toml", 1))
    )
    assert len(file.splitlines()) < 30
    source = read_source("vale-partnership.toml", file)
    said = tomllib.loads(case)
    assert said["source"]["options"] == dict(source.options)
    fetched = FetchedPage(address=said["address"], headers={}, body=page.encode())
    listing = load_spider(source).read(source, fetched)
    assert [(one.title, str(one.published)) for one in listing.sightings] == [("Ash", "2025-09-02")]
    assert [one.address for one in listing.passed_over] == ["https://elsewhere.example/oak.pdf"]


def test_a_debate_about_an_inquiry_is_no_review() -> None:
    source = SOURCES["hansard"]
    found = "0a1b2c3d-0000-4000-8000-000000000001"
    address = f"https://hansard-api.parliament.uk/debates/debate/{found}.json"
    speech = {"ItemType": "Contribution", "Value": "I beg to ask what came of the recommendations."}
    answer = {
        "Overview": {"ExtId": found, "Title": "Harbour Inquiry – Response", "Date": "2025-01-14"},
        "Items": [speech],
    }
    body = json.dumps(answer).encode()
    page = FetchedPage(address=address, headers={}, body=body)
    (sighting,) = load_spider(source).read(source, page).sightings
    capture = describe_capture(body, address, "application/json", dt.datetime.now(dt.UTC))
    (built,) = derive_inline(capture, sighting, source=source)
    assert built.document.kind is Kind.OTHER
    assert built.document.title == "Harbour Inquiry – Response"
    assert str(built.document.published) == "2025-01-14"
