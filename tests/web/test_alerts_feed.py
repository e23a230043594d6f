"""The Atom feed of a search: one entry a document, for good."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
from portal_world import HOSTILE, PortalWorld, make_world
from samples import make_code, make_document, make_finding, make_judgement

from corpus.sightings import observe
from web.alerts import feed
from web.alerts.search import words_needed
from web.app import create_app
from web.views.alerts import FEEDS_A_MINUTE
from web.withdrawing import withdraw

THEME = "not-shared-between-agencies"


def read(world: PortalWorld, query: str) -> Any:
    response = world.client.get(f"/search.atom?{query}")
    assert response.status_code == 200
    assert response.mimetype == "application/atom+xml"
    parsed = feedparser.parse(response.data)
    assert not parsed.bozo
    return parsed


def add(world: PortalWorld, text: str, *themes: str, identity: str = "file:new") -> str:
    """Take in a document and analyse it; returns its id."""
    document, (passage,) = make_document([text], identity=identity, title=f"About {identity}")
    world.store.add_document(document, [passage])
    findings = [make_finding(passage, make_code(theme)) for theme in themes]
    world.store.put_findings({passage.passage_id: findings}, tagger_version="keyword-1")
    return document.document_id


def test_a_page_of_results_leads_to_its_feed_and_the_feed_back(world: PortalWorld) -> None:
    page = world.get(f"/search?theme={THEME}&nation=Wales")
    assert f'href="/search.atom?theme={THEME}&amp;nation=Wales"' in page
    links = read(world, f"theme={THEME}&nation=Wales").feed.links
    assert {link.rel for link in links} == {"alternate", "self"}
    back = next(link.href for link in links if link.rel == "alternate")
    assert world.get(back.removeprefix("http://localhost")).count('class="result"') == 1


def test_each_entry_says_which_search_it_is_of_and_why_it_matched(world: PortalWorld) -> None:
    (entry,) = read(world, f"theme={THEME}&nation=Wales").entries
    assert entry.title == "New here: Serious case review: Child N"
    assert "Not shared between agencies (failing found, by hand)" in entry.summary
    assert "Followed search: theme: Not shared between agencies; nation: Wales" in entry.summary
    (entry,) = read(world, "q=injuries").entries
    assert "1 passage: has your words" in entry.summary


def test_no_words_of_a_passage_leave_with_a_feed(world: PortalWorld) -> None:
    text = world.client.get("/search.atom").get_data(as_text=True)
    assert "word0" not in text
    assert "injuries" not in text
    assert "Hidden Name" not in text


def test_a_second_tagging_a_restart_and_a_clock_put_back_change_no_entry(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    before = read(world, f"theme={THEME}")
    ids = {entry.id: entry.updated for entry in before.entries}
    assert len(ids) == 2
    code = make_code(THEME)
    for passage in world.digest_1974[:1] + world.digest_2003[:1]:
        world.store.add_judgement(make_judgement(passage, code, coder="again"))
    observe(world.store, now=dt.datetime(1999, 1, 1, tzinfo=dt.UTC))
    settings = world.app.extensions["throughline_library"].settings
    again = create_app(settings).test_client().get(f"/search.atom?theme={THEME}")
    after = feedparser.parse(again.data)
    assert {entry.id: entry.updated for entry in after.entries} == ids


def test_changed_tagging_is_told_from_a_new_document(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    read(world, "theme=identity-mismatch")
    new = add(world, "The record was of another child.", "identity-mismatch")
    world.store.add_judgement(make_judgement(world.digest_2003[0], make_code("identity-mismatch")))
    entries = read(world, "theme=identity-mismatch").entries
    told = {entry.id.rpartition(":")[2]: entry.title for entry in entries}
    assert told[new] == "New here: About file:new"
    held = told[world.digest_2003[0].document_id]
    assert held.startswith("Changed tagging of a document held before:")


def test_nothing_is_missed_however_long_nobody_asked(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    seen = {entry.id for entry in read(world, "q=letter").entries}
    assert not seen
    for number in range(5):
        add(world, f"A letter, number {number}.", identity=f"file:{number}")
    assert len(read(world, "q=letters").entries) == 5


def test_a_broad_search_says_that_it_was_capped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world(tmp_path)
    assert "broad" not in read(world, "").feed.subtitle
    monkeypatch.setattr(feed, "FEED_ENTRIES", 2)
    newest = add(world, "Something new.")
    capped = read(world, "kind=review")
    assert len(capped.entries) == 2
    capped = read(world, "")
    assert "This search is broad: 5 documents match and the newest 2 are here" in (
        capped.feed.subtitle
    )
    assert capped.entries[0].id.endswith(newest)


def test_what_is_withdrawn_leaves_the_feed(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    assert len(read(world, f"theme={THEME}").entries) == 2
    doomed = [world.digest_2003[0].document_id]
    withdraw(world.store, tmp_path, doomed, reason="asked for", by="tests")
    (entry,) = read(world, f"theme={THEME}").entries
    assert world.digest_1974[0].document_id in entry.id


def test_a_corrected_text_keeps_its_entry(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    old = add(world, "A letter came late.", "shared-too-late")
    (first,) = read(world, "theme=shared-too-late").entries
    add(world, "A letter came very late.", "shared-too-late")
    (second,) = read(world, "theme=shared-too-late").entries
    assert first.id == second.id
    assert old in second.id
    assert second.updated == first.updated


def test_a_feed_answers_304_until_something_changes(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    first = world.client.get("/search.atom?q=letter")
    held = {"If-None-Match": first.headers["ETag"]}
    assert world.client.get("/search.atom?q=letter", headers=held).status_code == 304
    add(world, "A letter.")
    assert world.client.get("/search.atom?q=letter", headers=held).status_code == 200


@pytest.mark.parametrize("query", [HOSTILE, "\x00\x0b\ufffe", "]]>", "&amp;", "a" * 1999, "-"])
def test_any_words_give_a_feed_that_parses(world: PortalWorld, query: str) -> None:
    response = world.client.get("/search.atom", query_string={"q": query})
    assert response.status_code == 200
    ET.fromstring(response.data)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("theme=none", "not in the codebook"),
        ("stance=angry", "no such stance"),
        ("from=x", "four digits"),
        ("q=" + "a" * 2001, "at most 2,000"),
        ("thme=not-passed-on", "thme"),
        ("theme=not-passed-on&theme=none", "theme more than once"),
    ],
)
def test_a_feed_of_what_cannot_be_asked_is_refused_in_words(
    world: PortalWorld, query: str, sentence: str
) -> None:
    assert sentence in world.get(f"/search.atom?{query}", status=400)


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("letters sent", "The letter was not sent.", True),
        ("letters sent", "The letter was kept.", False),
        ('"not sent"', "It was not sent.", True),
        ('"not sent"', "It was sent, not kept.", False),
        ("one two three four five six seven eight nine ten", "eight two three four five", False),
        ("a1 b2 c3 d4 e5 f6 g7 h8 i9 j0", "a1 b2 c3 d4 e5 f6 g7 h8", True),
        ("***", "anything", False),
    ],
)
def test_a_passage_needs_all_the_words_or_eight_of_many(
    query: str, text: str, *, expected: bool
) -> None:
    assert words_needed(query)(text) is expected


def test_feeds_need_no_index_and_no_encoder(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.app.extensions["throughline_library"].searcher = None
    assert read(world, "q=injuries").entries


def test_many_feeds_within_a_minute_are_refused_and_those_still_held_are_free(
    tmp_path: Path,
) -> None:
    world = make_world(tmp_path)
    library = world.app.extensions["throughline_library"]
    library.settings = replace(library.settings, api_requests_per_minute=600)
    etag = world.client.get("/search.atom?q=letter").headers["ETag"]
    for _ in range(FEEDS_A_MINUTE):
        held = {"If-None-Match": etag}
        assert world.client.get("/search.atom?q=letter", headers=held).status_code == 304
    answers = [world.client.get("/search.atom?q=letter").status_code for _ in range(FEEDS_A_MINUTE)]
    assert set(answers[:-1]) == {200}
    assert answers[-1] == 429
