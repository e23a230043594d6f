"""Every spider against damaged and hostile pages: a listing or a sentence, and no strange host."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import SourceError
from corpus.model import LicenceTier
from ingest.source import Source
from ingest.spiders import load_spider
from ingest.spiders.listing import FetchedPage, Listing

EXAMPLES = Path(__file__).parents[1] / "examples"
CASES = [
    path
    for path in sorted(EXAMPLES.glob("*/*.case.toml"))
    if "page" in tomllib.loads(path.read_text(encoding="utf-8")) and path.parent.name != "folder"
]
JSON_CASES = [path for path in CASES if path.parent.name in ("gov_uk", "hansard_api", "wordpress")]
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["https://evil.example/x", "//evil.example", "javascript:x", "\ud800", "[]"]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


def open_case(path: Path) -> tuple[Source, FetchedPage]:
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    said = case.get("source", {})
    source = Source(
        source_id="example",
        name="An invented publisher",
        publisher="An invented publisher",
        spider=path.parent.name,
        start=tuple(said.get("start", [case["address"]])),
        hosts=tuple(said.get("hosts", [urlsplit(case["address"]).hostname])),
        licence_tier=LicenceTier.OWNER,
        crawl_delay_s=1.0,
        robots_note="invented",
        options=said.get("options", {}),
    )
    body = (path.parent / case["page"]).read_bytes()
    return source, FetchedPage(address=case["address"], headers=case.get("headers", {}), body=body)


def read(source: Source, page: FetchedPage, body: bytes) -> Listing | None:
    """Read a page with another body; only a ``SourceError`` is an answer too."""
    try:
        listing = load_spider(source).read(
            source, FetchedPage(address=page.address, headers=page.headers, body=body)
        )
    except SourceError:
        return None
    for address in [*(one.address for one in listing.sightings), *listing.follow]:
        assert urlsplit(address).hostname in source.hosts
        assert urlsplit(address).scheme in ("http", "https")
    return listing


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem[:-5]}")
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_damaged_bytes_give_a_listing_or_a_sentence(path: Path, data: st.DataObject) -> None:
    source, page = open_case(path)
    body = page.body[:20_000]
    at = data.draw(st.integers(0, len(body)))
    to = data.draw(st.integers(at, min(len(body), at + 200)))
    put = data.draw(
        st.sampled_from([b"", b"\x00", b"\xff\xfe", b"<", b'"', b"]]>", body[at:to] * 2])
    )
    read(source, page, body[:at] + put + body[to:])


@pytest.mark.parametrize("path", JSON_CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_odd_values_in_json_give_a_listing_or_a_sentence(path: Path, data: st.DataObject) -> None:
    source, page = open_case(path)
    try:
        answer = json.loads(page.body)
    except (ValueError, RecursionError):
        return
    places = list(places_in(answer))
    if not places:
        return
    holder, key = data.draw(st.sampled_from(places))
    holder[key] = data.draw(ODD)
    read(source, page, json.dumps(answer).encode())


def places_in(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for key in keys:
        yield value, key
        yield from places_in(value[key])


def test_links_made_to_deceive_lead_nowhere_else() -> None:
    source, page = open_case(EXAMPLES / "partnership" / "links-alone.case.toml")
    host = source.hosts[0]
    links = [
        f"https://{host}@evil.example/a.pdf",
        f"https://{host}.evil.example/b.pdf",
        f"https://evil.example\\@{host}/c.pdf",
        f"https://evil.example#@{host}/d.pdf",
        "https:\\\\evil.example\\e.pdf",
        "//evil.example/f.pdf",
        "\thttps://evil.example/g.pdf",
        "java\nscript:h.pdf",
        "data:application/pdf,i.pdf",
        "file:///etc/j.pdf",
        f"https://{host.replace('a', 'а')}/k.pdf",  # the second is Cyrillic
        "https://2130706433/l.pdf",
        "https://[::1]/m.pdf",
        f"ftp://{host}/n.pdf",
        f"https://{host}:8443/o.pdf",
    ]
    items = "".join(f'<p><a href="{link}">x</a></p>' for link in links)
    body = f'<main>{items}<a href="/f/good.pdf">Good</a></main>'.encode()
    listing = read(source, page, body)
    assert listing is not None
    assert all("evil" not in (urlsplit(one.address).hostname or "") for one in listing.sightings)
    assert any(one.title == "Good" for one in listing.sightings)
    kept = {one.address.rpartition("/")[2] for one in listing.sightings}
    assert kept.isdisjoint({f"{letter}.pdf" for letter in "abcdfghijklmno"})


def test_a_list_of_many_links_gives_each_once() -> None:
    source, page = open_case(EXAMPLES / "partnership" / "links-alone.case.toml")
    links = "".join(f'<a href="/f/{n % 2000}.pdf#page={n}">here</a>' for n in range(6000))
    listing = read(source, page, f"<main><h2>Reviews</h2>{links}</main>".encode())
    assert listing is not None
    assert len(listing.sightings) == 2000


@pytest.mark.parametrize("charset", ["windows-1252", "utf-16", "no-such-charset"])
def test_a_wrong_or_unknown_encoding_breaks_nothing(charset: str) -> None:
    source, page = open_case(EXAMPLES / "partnership" / "links-alone.case.toml")
    headed = FetchedPage(
        address=page.address, headers={"content-type": f"text/html; charset={charset}"}, body=b""
    )
    body = "<main><a href='/f/a.pdf'>Ash’s review – 2</a></main>".encode("windows-1252")
    listing = read(source, headed, body)
    if charset == "windows-1252":
        assert listing is not None
        assert listing.sightings[0].title == "Ash’s review – 2"
