"""The review page: findings by theme, provenance, history, echoes and how to report a problem."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from admitting import admit_texts, report_texts, review_of
from portal_world import PortalWorld, make_world
from samples import make_code, make_document, make_finding, make_judgement, make_review

from corpus.model import Finding
from corpus.review_history import read_history
from web.contact import contact_href
from web.views.review import MOST_PASSAGES
from web.withdrawing import withdraw


@pytest.fixture
def own(tmp_path: Path) -> PortalWorld:
    return make_world(tmp_path / "data")


def words_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def part(page: str, name: str) -> str:
    """One section's markup, by the id of its heading."""
    return page[page.index(f'<section aria-labelledby="{name}">') :].partition("</section>")[0]


def test_findings_are_listed_by_theme_and_stance_and_lead_to_their_words(
    world: PortalWorld,
) -> None:
    page = world.get("/reviews/ann-example-1974")
    listed = part(page, "by-theme")
    themes = re.findall(r'href="/themes/([^"]+)"', listed)
    assert sorted(themes) == ["checks-not-made", "cross-border-move", "not-shared-between-agencies"]
    assert "Good practice found" in listed
    for passage in world.digest_1974:
        assert f'href="#{passage.passage_id}"' in listed
        assert f'id="{passage.passage_id}"' in part(page, "findings")


def test_a_text_has_its_source_its_day_its_licence_and_its_hash(own: PortalWorld) -> None:
    _, document = admit_texts(own.store, report_texts("amber"), "https://example.org/1")
    review_id = review_of(own.store, document)
    page = part(own.get(f"/reviews/{review_id}"), "provenance")
    assert 'href="https://example.org/1"' in page
    assert (document.capture_id or document.text_sha256) in page
    assert "Captured" in page
    assert "Licence" in page
    digest = words_of(part(own.get("/reviews/ann-example-1974"), "provenance"))
    assert "Restated by us; it ships with Throughline" in digest
    assert "SHA-256 of the text" in digest


def test_the_history_tells_versions_and_how_far_people_have_read(own: PortalWorld) -> None:
    before = words_of(part(own.get("/reviews/report-2013"), "history"))
    assert "No person has judged any of its 2 passages here." in before
    assert "Version 2" not in before
    changed, passages = make_document(
        ("Each agency held one piece of it.", "An appendix."),
        identity="file:report-2013",
        title="Overview report: the K family",
        review_id="report-2013",
    )
    own.store.add_document(changed, passages)
    own.store.add_judgement(make_judgement(passages[0], make_code(), coder="a"))
    own.store.add_judgement(make_judgement(passages[0], coder="b"))
    after = words_of(part(own.get("/reviews/report-2013"), "history"))
    assert "1 of 2 passages read by 2 coders, 2 judgements in all." in after
    assert "Taken in: Overview report: the K family (since replaced)" in after
    assert "Version 2 taken in: its text had changed: Overview report: the K family" in after


def test_a_withdrawn_review_leaves_its_day_and_reason_in_its_history(
    own: PortalWorld, tmp_path: Path
) -> None:
    data_dir = tmp_path / "data"
    withdraw(own.store, data_dir, ["report-2013"], reason="Its board asked.", by="test")
    found = read_history(own.store, "report-2013")
    assert [each.reason for each in found.withdrawals] == ["Its board asked."]
    assert found.versions == ()
    page = own.client.get("/reviews/report-2013")
    assert "Each agency held" not in page.get_data(as_text=True)


def test_a_problem_is_reported_with_the_page_and_the_state_it_was_seen_in(
    world: PortalWorld,
) -> None:
    page = world.get("/reviews/ann-example-1974")
    link = re.search(r'href="(mailto:[^"]+)"[^>]*>Report a problem', page)
    assert link is not None
    message = unquote(unescape(link[1]))
    assert message.startswith("mailto:corrections@example.org?subject=Throughline: a problem")
    assert "/reviews/ann-example-1974\nSnapshot s" in message


def test_only_an_address_becomes_a_link() -> None:
    assert contact_href("javascript:alert(1)@x") is None
    assert contact_href("The Board, 1 Example Street") is None
    assert contact_href("https://example.org/ask") == "https://example.org/ask"


def test_a_failing_has_its_echoes_or_the_reason_why_there_are_none(world: PortalWorld) -> None:
    page = world.get("/reviews/ann-example-1974")
    assert part(page, "echoes").count("<p") >= 1
    none = words_of(part(world.get("/reviews/child-n-2003?echo=nothing"), "echoes"))
    assert "Where it was found before and again" in none


def test_a_long_review_shows_its_first_findings_and_leads_to_the_others(own: PortalWorld) -> None:
    own.store.add_review(make_review("long", "2015"))
    extra = 5
    document, passages = make_document(
        tuple(f"Finding {number} of many." for number in range(MOST_PASSAGES + extra)),
        identity="file:long",
        review_id="long",
    )
    own.store.add_document(document, passages)
    found: dict[str, list[Finding]] = {each.passage_id: [make_finding(each)] for each in passages}
    own.store.put_findings(found, tagger_version="t1")  # type: ignore[arg-type]
    page = own.get("/reviews/long")
    assert page.count('<div class="passage"') == MOST_PASSAGES
    assert f"{extra} more passages with a finding, in the document" in page
    assert part(page, "by-theme").count('href="/passages/') == extra
