"""References as APA, RIS and BibTeX, read back; and what a reference manager reads of a page."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware
from hypothesis import example, given, settings
from hypothesis import strategies as st
from portal_world import PortalWorld
from samples import make_document, make_review

from corpus.catalogue import load_catalogue
from corpus.dates import PartialDate
from corpus.model import Kind
from web.bibliography.apa import apa
from web.bibliography.bibtex import bibtex_entries
from web.bibliography.reference import (
    Reference,
    document_reference,
    one_line,
    review_reference,
)
from web.bibliography.ris import ris_entries

REVIEW = make_review(
    "ann-example-1974",
    "1974-09-02",
    title="Report of the inquiry into the care of Ann Example",
    review_type="public inquiry",
    publisher="An Invented Department",
    author="Lady Example (chair)",
    report_url="https://publications.example.org/report",
    reference="Cmnd 0000",
    place="Exampleshire",
)
REST = "An Invented Department. https://publications.example.org/report"
ACTIVE = r"{\} 50% & $1 #2 _x ~ ^ \input{/etc/passwd} @comment{x} }}"


class _Head(HTMLParser):
    """What a page's head says to machines."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: dict[str, str] = {}
        self.links: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "meta" and found.get("name"):
            self.tags[found["name"] or ""] = found.get("content") or ""
        if tag == "link":
            self.links.append(found)


def head_of(page: str) -> _Head:
    head = _Head()
    head.feed(page)
    return head


def make_reference(**changes: object) -> Reference:
    return replace(review_reference(REVIEW), **changes)  # type: ignore[arg-type]  # real fields


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {},
            f"Lady Example (chair). (1974, September 2). {REVIEW.title} [Public inquiry]. {REST}",
        ),
        (
            {"author": None, "url": None, "published": PartialDate.parse("1974-09")},
            f"An Invented Department. (1974, September). {REVIEW.title} [Public inquiry].",
        ),
        (
            {"author": None, "publisher": None, "url": None, "published": None},
            "Report of the inquiry into the care of Ann Example [Public inquiry]. (n.d.).",
        ),
    ],
)
def test_apa_says_what_is_known_and_makes_nothing_up(
    changes: dict[str, object], expected: str
) -> None:
    assert apa(make_reference(**changes)).text == expected


texts = st.text(max_size=80)
dates = st.sampled_from([None, "1974", "1974-09", "1974-09-02"]).map(PartialDate.parse_optional)
references = st.builds(
    make_reference,
    title=texts.filter(lambda text: bool(one_line(text))),
    author=st.none() | texts,
    publisher=st.none() | texts,
    place=st.none() | texts,
    number=st.none() | texts,
    published=dates,
    url=st.sampled_from([None, "https://example.org/a_b%20c?d=~e#f"]),
)


@settings(max_examples=150, deadline=None)
@given(references)
@example(make_reference(title="ER  - \nTY  - NEWS", author=ACTIVE))
def test_any_reference_comes_back_from_ris(reference: Reference) -> None:
    written = "".join(ris_entries([reference, make_reference(key="second")], snapshot="s1"))
    first, second = rispy.loads(written)
    assert (first["id"], second["id"]) == (reference.key, "second")
    assert first["title"] == one_line(reference.title)
    assert first.get("authors", [""])[0] == one_line(reference.by or "")
    assert first.get("year") == (str(reference.published.year) if reference.published else None)
    assert first.get("urls", [None]) == [reference.url]
    assert first["notes"] == ["Entry 1 of 2, Throughline snapshot s1"]


@settings(max_examples=150, deadline=None)
@given(references)
@example(make_reference(title=ACTIVE, author=ACTIVE, publisher="}", place="{", number="\\"))
def test_any_reference_comes_back_from_bibtex(reference: Reference) -> None:
    written = "".join(bibtex_entries([reference, make_reference(key="second")], snapshot="s1"))
    library = parse_string(
        written, append_middleware=[LatexDecodingMiddleware(keep_braced_groups=False)]
    )
    assert not library.failed_blocks
    assert [entry.key for entry in library.entries] == [reference.key, "second"]
    fields = {field.key: field.value for field in library.entries[0].fields}
    assert _plain(fields["title"]) == _plain(one_line(reference.title))
    assert ("author" in fields) == bool(reference.by)
    assert fields.get("year") == (str(reference.published.year) if reference.published else None)
    # An address stands as it is: TeX reads it as one, and other readers copy it.
    raw = parse_string(written).entries[0].fields_dict
    assert (raw["url"].value if reference.url else None) == reference.url
    assert "end of 2 entries" in library.comments[0].comment


def _plain(text: str) -> str:
    # The decoder reads TeX's ^ accent as its own character, and drops spaces after commands.
    return re.sub(r"[\s{}]", "", text.replace("ˆ", "^"))


def test_every_review_that_ships_has_a_reference_that_reads_back() -> None:
    cited = [review_reference(entry.review) for entry in load_catalogue()]
    ris = rispy.loads("".join(ris_entries(cited, snapshot="s1")))
    bib = parse_string("".join(bibtex_entries(cited, snapshot="s1")))
    keys = [reference.key for reference in cited]
    assert [entry["id"] for entry in ris] == keys == [entry.key for entry in bib.entries]
    assert all(apa(reference).text for reference in cited)


def test_the_report_of_a_child_kept_anonymous_is_cited_without_an_address() -> None:
    link = "national press; the publisher kept the child anonymous"
    withheld = review_reference(replace(REVIEW, identity_link=link))
    assert withheld.url is None
    assert review_reference(REVIEW).url


def test_a_news_report_is_cited_as_news() -> None:
    document, _ = make_document(
        ["Text."], kind=Kind.NEWS, title="News", url="https://www.bbc.co.uk/x", publisher=None
    )
    reference = document_reference(document)
    (entry,) = rispy.loads("".join(ris_entries([reference], snapshot="s1")))
    assert (entry["type_of_reference"], entry["authors"]) == ("NEWS", ["BBC News"])


def test_a_review_page_tells_zotero_what_it_is_about(world: PortalWorld) -> None:
    head = head_of(world.get("/reviews/ann-example-1974"))
    assert head.tags["citation_title"] == "Report of the inquiry into the care of Ann Example"
    assert head.tags["citation_publication_date"] == "1974/09/02"
    assert head.tags["citation_abstract_html_url"].endswith("/reviews/ann-example-1974")
    assert head.tags["DC.title"] == head.tags["citation_title"]
    assert head.tags["DC.date"] == "1974-09-02"
    assert {"rel": "schema.DC", "href": "http://purl.org/dc/elements/1.1/"} in head.links
    # What is not known is left out, never guessed.
    assert "citation_author" not in head.tags


def test_json_ld_is_data_that_no_text_can_break_out_of(world: PortalWorld) -> None:
    page = world.get("/reviews/child-n-2003")
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert "<" not in text
    report = json.loads(text)
    assert (report["@type"], report["datePublished"]) == ("Report", "2003")
    assert "Hidden Name" not in page


def test_a_review_page_shows_how_to_cite_it_and_its_files_read_back(world: PortalWorld) -> None:
    page = world.get("/reviews/ann-example-1974")
    assert '<h2 id="cite">How to cite</h2>' in page
    assert "<cite>Report of the inquiry into the care of Ann Example</cite>" in page
    assert "snapshot s" in page
    for suffix, read in (("ris", rispy.loads), ("bib", _bibtex_keys)):
        address = f"/api/v1/reviews.{suffix}?review=ann-example-1974"
        assert address in page
        assert len(read(world.get(address))) == 1


def _bibtex_keys(text: str) -> list[str]:
    return [entry.key for entry in parse_string(text).entries]


def test_what_must_not_be_listed_is_not_in_the_sitemap_and_can_be_read_to_say_so(
    world: PortalWorld,
) -> None:
    sitemap = world.get("/sitemap.xml")
    listed = re.findall(r"<loc>http://localhost(.*?)</loc>", sitemap)
    assert "/reviews/ann-example-1974" in listed
    assert "/themes/siloed-decisions" in listed
    assert "/reforms/reform-single-unique-identifier" in listed
    for address in listed:
        response = world.client.get(address)
        assert response.status_code == 200
        assert "X-Robots-Tag" not in response.headers
        assert 'name="robots"' not in response.get_data(as_text=True)
    assert not [address for address in listed if address.startswith(("/passages", "/search"))]
    robots = world.get("/robots.txt")
    assert "Sitemap: http://localhost/sitemap.xml" in robots
    forbidden = re.findall(r"Disallow: (\S+)", robots)
    # A page that says noindex has to be fetched to be understood.
    assert not any(f"/passages/{world.news[0].passage_id}".startswith(path) for path in forbidden)
    assert "/search" not in forbidden
