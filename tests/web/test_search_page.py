"""The search form: filters, problems, pages of results and honest emptiness."""

import re
import urllib.request
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from portal_world import PortalWorld, make_world
from samples import make_document
from served import serve_app

from corpus.settings import Settings
from web.app import create_app
from web.search.looking import LookForm
from web.search.shorten import shorten
from web.search_form import SearchForm


def passages_in(page: str) -> list[str]:
    return re.findall(r'<div class="passage" id="(p[0-9a-z]+)"', page)


def ids(passages: object) -> set[str]:
    return {passage.passage_id for passage in passages}  # type: ignore[attr-defined]


def test_a_query_finds_passages_and_marks_its_words(world: PortalWorld) -> None:
    page = world.get("/search?q=surgery")
    assert passages_in(page)[0] == world.digest_1974[0].passage_id
    assert '<mark class="matched">surgery</mark>' in page
    assert "Found by its words" in page


def test_the_head_of_the_window_does_not_repeat_what_was_typed(world: PortalWorld) -> None:
    """A query can be a child's name; titles go into histories and onto shared screens."""
    for query in ("q=surgery", "q=surgery&from=soon", "similar=surgery"):
        page = world.client.get(f"/search?{query}").get_data(as_text=True)
        title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
        assert title is not None
        assert title[1].startswith("Search")
        assert "surgery" not in title[1]
    assert "<title>Search: The nearest " in world.get("/search?q=surgery")


def test_evidence_of_a_tag_is_marked_beside_the_matched_words(world: PortalWorld) -> None:
    page = world.get("/search?q=piece")
    assert re.search('<mark class="[^"]*evidence[^"]*">agency</mark>', page)
    assert re.search('<mark class="[^"]*matched[^"]*">piece</mark>', page)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("theme=not-shared-between-agencies", {"digest_1974:0", "digest_2003:0"}),
        ("theme=not-passed-on", {"digest_1974:0", "digest_2003:0"}),
        ("stance=change-proposed", {"digest_1974:1"}),
        ("kind=news", {"news:0", "news:1"}),
        ("nation=Wales", {"digest_2003:0", "digest_2003:1"}),
        ("from=2004&to=2014", {"report_2013:0", "report_2013:1"}),
        ("theme=siloed-decisions&stance=failing-found", {"report_2013:0"}),
        ("theme=picture-not-built", set()),
        ("theme=picture-not-built&possible=1", {"report_2013:0"}),
    ],
)
def test_filters_narrow_with_and_without_words(
    world: PortalWorld, query: str, expected: set[str]
) -> None:
    wanted = set()
    for name in expected:
        field, _, number = name.partition(":")
        wanted.add(getattr(world, field)[int(number)].passage_id)
    assert set(passages_in(world.get(f"/search?{query}"))) == wanted
    assert set(passages_in(world.get(f"/search?{query}&q=the"))) <= wanted


def test_the_form_keeps_what_was_asked(world: PortalWorld) -> None:
    page = world.get("/search?q=a+%22b%22&theme=siloed-decisions&from=1990&possible=1")
    assert 'value="a &#34;b&#34;"' in page
    assert '<option value="siloed-decisions" selected>' in page
    assert 'value="1990"' in page
    assert "checked" in page


def test_blank_fields_ask_for_nothing(world: PortalWorld) -> None:
    page = world.get("/search?q=&theme=&stance=&kind=&nation=&from=&to=&page=")
    assert not passages_in(page)
    assert "Nothing found" not in page


def test_an_empty_answer_says_that_absence_is_not_evidence(world: PortalWorld) -> None:
    page = world.get("/search?theme=identity-mismatch")
    assert "Nothing found" in page
    assert "does not mean that no review ever found it" in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=abc", "“Published from” should be a year in four digits"),
        ("to=99999", "“Published up to” should be a year in four digits"),
        ("from=2010&to=2000", "Published from 2010 is later than up to 2000"),
        ("theme=no-such", "That theme is not in the codebook"),
        ("stance=angry", "There is no such stance"),
        ("kind=poem", "There is no such kind of document"),
        ("page=0", "There is no such page"),
        ("page=-1", "There is no such page"),
        ("page=²", "There is no such page"),
    ],
)
def test_what_cannot_be_used_is_named_and_answered_400(
    world: PortalWorld, query: str, sentence: str
) -> None:
    page = unescape(world.get(f"/search?{query}", status=400))
    assert sentence in page
    assert not passages_in(page)


@pytest.mark.parametrize(
    ("name", "most"), [("q", "2,000"), ("paragraph", "4,000")], ids=["words", "paragraph"]
)
@pytest.mark.parametrize(
    "text",
    ["surgery " * 12_500, "é" * 50_000, "🙂 " * 25_000, '"(' * 50_000],
    ids=["words", "one word", "pictures", "signs"],
)
def test_a_text_of_100_kb_is_cut_and_the_page_says_so(
    world: PortalWorld, name: str, most: str, text: str
) -> None:
    response = world.client.get("/search", query_string={name: text})
    page = unescape(response.text)
    told = re.search(r"Of your ([\d,]+) characters only the first ([\d,]+) were kept", page)
    assert response.status_code == 200
    assert told
    assert int(told[1].replace(",", "")) == len(text.strip())
    assert 0 <= int(most.replace(",", "")) - int(told[2].replace(",", "")) < 8
    assert len(page) < 1_000_000
    if text.startswith("surgery"):
        assert passages_in(page)[0] == world.digest_1974[0].passage_id


def test_a_text_within_the_limit_is_not_said_to_be_cut(world: PortalWorld) -> None:
    assert "were kept" not in world.get(f"/search?q={'a' * 2000}")


def test_a_text_that_is_cut_is_told_beside_what_else_is_wrong(world: PortalWorld) -> None:
    page = world.get(f"/search?from=abc&q={'a' * 3000}", status=400)
    assert "Of your 3,000 characters only the first 2,000 were kept." in page


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ab cd " * 400, 2000),
        ("abcd " * 500, 1999),
        (" ".join(["a" * 99] * 30), 1999),
        (" ".join(["a" * 98] * 30), 1979),
        ("a" * 2001, 2000),
    ],
)
def test_a_text_is_cut_between_two_words_where_it_can_be(text: str, kept: int) -> None:
    form, _, notes = shorten(SearchForm(q=text.strip()), LookForm())
    assert len(form.q) == kept
    assert text.startswith(form.q)
    assert len(notes) == 1


def test_a_long_phrase_can_be_taken_back(world: PortalWorld) -> None:
    phrase = " ".join(["surgery school"] * 25)
    asked = {"q": f'"{phrase}"', "ignore": f"phrase:{phrase}"}
    page = unescape(world.client.get("/search", query_string=asked).text)
    assert len(phrase) > 300
    assert "as it stands" not in page
    del asked["ignore"]
    assert "as it stands" in unescape(world.client.get("/search", query_string=asked).text)


def test_keys_that_are_no_readings_do_not_fill_the_page(world: PortalWorld) -> None:
    many = "|".join(f"nation:{'x' * 200}{number}" for number in range(400))
    for ignored in ("y" * 100_000, many):
        page = world.client.get("/search", query_string={"q": "surgery", "ignore": ignored})
        assert page.status_code == 200
        assert len(page.text) < 1_000_000


def test_the_server_reads_an_address_with_100_kb_of_escaped_letters(world: PortalWorld) -> None:
    with serve_app(world.app) as address:
        asked = f"{address}/search?{urlencode({'q': 'é' * 50_000})}"
        with urllib.request.urlopen(asked, timeout=60) as answer:
            page = answer.read().decode()
    assert answer.status == 200
    assert "Of your 50,000 characters only the first 2,000 were kept" in page


@pytest.mark.parametrize(
    ("query", "other", "asked"),
    [
        ("SAR", "subject access request", "{}"),
        ("a SAR that was refused", "subject access request", "a {} that was refused"),
        ("SAR to the ICO", "safeguarding adult review", "{} to the ICO"),
    ],
)
def test_an_abbreviation_of_two_meanings_offers_the_other_as_a_link(
    world: PortalWorld, query: str, other: str, asked: str
) -> None:
    page = world.client.get("/search", query_string={"q": query, "kind": "review"}).text
    link = re.search(rf'<a href="([^"]+)">search for {other} instead<', page)
    assert link, "no link to the other meaning"
    address = unescape(link[1])
    assert parse_qs(urlsplit(address).query) == {"q": [asked.format(other)], "kind": ["review"]}
    assert "SAR as" not in world.get(address)


@pytest.mark.parametrize("query", ['"', "(a OR", "'; DROP TABLE passages;--", "*", "\x00", "𝔘"])
def test_odd_queries_are_answered(world: PortalWorld, query: str) -> None:
    assert world.client.get("/search", query_string={"q": query}).status_code == 200


def test_a_page_past_the_end_leads_back_to_the_first(world: PortalWorld) -> None:
    page = world.get("/search?kind=news&page=9")
    assert "Back to the first page" in page
    assert 'href="/search?kind=news"' in page


def test_without_an_index_the_page_says_that_search_is_not_ready(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path / "empty"))
    response = app.test_client().get("/search?q=consent")
    assert response.status_code == 503
    assert "<h1>Not ready just now</h1>" in response.get_data(as_text=True)


@pytest.mark.parametrize("address", ["/", "/reviews", "/themes", "/recurrence", "/about"])
def test_an_empty_library_still_has_its_pages(tmp_path: Path, address: str) -> None:
    app = create_app(Settings(data_dir=tmp_path / "empty"))
    assert app.test_client().get(address).status_code == 200


def test_ranked_answers_are_called_the_nearest_and_listed_ones_are_counted(
    world: PortalWorld,
) -> None:
    assert "The nearest 9 passages" in world.get("/search?q=surgery")
    assert ">2 passages</h2>" in world.get("/search?kind=news")


def test_the_page_says_how_many_passages_cannot_be_found_yet(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    document, (passage,) = make_document(["The clinic rang."], identity="file:new")
    world.store.add_document(document, [passage])
    assert "cannot be found yet" not in world.get("/search?q=hospital")
    world.store.put_findings({passage.passage_id: []}, tagger_version="keyword-1")
    assert "1 passage newly taken in cannot be found yet" in world.get("/search?q=hospital")
