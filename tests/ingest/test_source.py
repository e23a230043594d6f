import re
from pathlib import Path

import pytest

from corpus.errors import InvalidInputError, SourceNotFoundError
from corpus.model import Kind, LicenceTier
from ingest.source import find_source, load_sources, read_source

GOOD = """
name = "Harbour: published reviews"
publisher = "Harbour Safeguarding Board"
spider = "feed"
start = ["https://reviews.example.org/feed/"]
hosts = ["reviews.example.org", "files.example.org"]
licence_tier = "B"
crawl_delay_s = 5
robots_note = "Allows all; looked at on 1 March 2025."
kind = "review"

[options]
fetch_items = true

[expect]
published = 0.9
"""


def test_a_publisher_is_read_as_it_is_written() -> None:
    source = read_source("folder/harbour-board.toml", GOOD)
    assert source.source_id == "harbour-board"
    assert source.hosts == ("reviews.example.org", "files.example.org")
    assert source.licence_tier is LicenceTier.OWNER
    assert source.kind is Kind.REVIEW
    assert source.crawl_delay_s == 5.0
    assert source.options == {"fetch_items": True}
    assert source.expect == {"published": 0.9}


@pytest.mark.parametrize(
    ("written", "instead", "field", "advice"),
    [
        ('publisher = "Harbour Safeguarding Board"', "", "publisher", "it is missing"),
        ("crawl_delay_s = 5", 'crawl_delay_s = "5"', "crawl_delay_s", "a number of seconds"),
        ("crawl_delay_s = 5", "crawl_delay_s = 0.1", "crawl_delay_s", "between 1 second"),
        ('licence_tier = "B"', 'licence_tier = "D"', "licence_tier", "must not be crawled"),
        ('spider = "feed"', 'spider = "fead"', "spider", "has no module 'fead'"),
        ('spider = "feed"', 'spider = "os.path"', "spider", "has no module"),
        ('"files.example.org"', '"127.0.0.1"', "hosts", "bare host name"),
        ('"files.example.org"', '"https://files.example.org"', "hosts", "bare host name"),
        ('"files.example.org"', '"files.example.org:8080"', "hosts", "bare host name"),
        ("https://reviews.example.org/", "https://other.example.org/", "start", "of its hosts"),
        ("https://reviews.example.org/", "file:///reviews.example.org/", "start", "http or https"),
        ("https://reviews", "https://a@reviews", "start", "of its hosts"),
        ('kind = "review"', 'kind = "digest"', "kind", "never digest"),
        ('kind = "review"', 'knid = "review"', "knid", "there is none of this name"),
        ("published = 0.9", "publised = 0.9", "expect.publised", "it can be one of"),
        ("published = 0.9", "published = 90", "expect.published", "from 0 to 1"),
    ],
)
def test_what_is_off_is_named_with_file_field_and_advice(
    written: str, instead: str, field: str, advice: str
) -> None:
    assert written in GOOD
    with pytest.raises(InvalidInputError) as refused:
        read_source("sources/harbour-board.toml", GOOD.replace(written, instead))
    said = str(refused.value)
    assert said.startswith(f"In the source file sources/harbour-board.toml, the field {field!r}: ")
    assert advice in said


def test_a_file_that_is_not_toml_is_named() -> None:
    with pytest.raises(InvalidInputError, match=re.escape("a.toml is not TOML")):
        read_source("a.toml", "name = ")


def test_a_users_own_publishers_stand_beside_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "harbour-board.toml").write_text(GOOD, encoding="utf-8")
    shipped, together = load_sources(), load_sources(tmp_path)
    assert set(together) == {*shipped, "harbour-board"}
    assert find_source("harbour-board", tmp_path).name == "Harbour: published reviews"
    with pytest.raises(SourceNotFoundError):
        find_source("harbour-board")


def test_every_shipped_publisher_can_be_read() -> None:
    shipped = load_sources()
    assert len(shipped) >= 10
    assert list(shipped) == sorted(shipped)
