"""A review's page with all its documents, each with the reason why it is there."""

import datetime as dt
from pathlib import Path

from admitting import admit_texts, report_texts, review_of
from httpx import WSGITransport
from portal_world import make_world

from corpus.groups import merge
from throughline import Client

AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def test_each_document_says_why_it_is_under_the_review(tmp_path: Path) -> None:
    world = make_world(tmp_path / "data")
    texts = report_texts("amber")
    _, one = admit_texts(world.store, texts, "https://example.org/1", title="A full report")
    admit_texts(world.store, [*texts, "Copied."], "https://example.org/2", title="A copy of it")
    page = world.get(f"/reviews/{review_of(world.store, one)}")
    assert "A full report" in page
    assert "A copy of it" in page
    assert "Why it is here: started" in page
    assert "by rule GRP-002: 100% of its runs of five words" in page


def test_the_address_of_a_merged_review_leads_on(tmp_path: Path) -> None:
    world = make_world(tmp_path / "data")
    _, one = admit_texts(world.store, report_texts("amber"), "https://example.org/1")
    found = review_of(world.store, one) or ""
    assert world.client.get(f"/reviews/{found}").status_code == 200
    merge(world.store, found, "report-2013", reason="The board says so.", by="ed", at=AT)
    answer = world.client.get(f"/reviews/{found}")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/reviews/report-2013")
    assert "merged 2026-03-01 by ed: The board says so." in world.get("/reviews/report-2013")
    asked = world.client.get(f"/api/v1/reviews/{found}?select=review_id")
    where = "/api/v1/reviews/report-2013?select=review_id"
    assert (asked.status_code, asked.headers["Location"]) == (301, where)
    answer = world.client.get(f"/api/v1/reviews/{found}", follow_redirects=True)
    assert answer.get_json()["data"]["review_id"] == "report-2013"
    with Client("http://portal.invalid", transport=WSGITransport(app=world.app)) as client:
        assert client.review(found).data["review_id"] == "report-2013"


def test_the_id_of_a_merged_review_finds_the_passages_of_its_successor(tmp_path: Path) -> None:
    world = make_world(tmp_path / "data")
    _, one = admit_texts(world.store, report_texts("amber"), "https://example.org/1")
    found = review_of(world.store, one) or ""
    merge(world.store, found, "report-2013", reason="The board says so.", by="ed", at=AT)
    for kind in ("passages", "passages.csv", "findings.csv", "reviews.csv"):
        answers = [
            world.client.get(f"/api/v1/{kind}?review={review}").get_data(as_text=True)
            for review in (found, "report-2013")
        ]
        assert answers[0] == answers[1], kind
        assert "report-2013" in answers[0], kind
    assert "not held here" not in world.get(f"/search?review={found}")
    assert world.client.get("/api/v1/passages?review=none-such").status_code == 404
