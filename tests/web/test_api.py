import base64
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from portal_world import PortalWorld, make_world
from samples import make_document

from corpus.model import Kind, LicenceTier

META = {
    "snapshot",
    "codebook_version",
    "tagger_version",
    "model",
    "generated_at",
    "licence",
    "how_to_cite",
}


def ask(world: PortalWorld, path: str, status: int = 200) -> Any:
    response = world.client.get("/api/v1" + path)
    assert response.status_code == status, response.get_data(as_text=True)
    return response.get_json()


def every_path(world: PortalWorld) -> list[str]:
    passage = world.report_2013[0]
    return [
        "/status",
        "/themes",
        "/themes/siloed-working",
        "/themes/siloed-decisions",
        "/themes/not-shared-between-agencies/recurrence",
        "/reviews",
        "/reviews/ann-example-1974",
        f"/documents/{passage.document_id}",
        "/passages",
        "/passages?q=hospital",
        f"/passages/{passage.passage_id}",
    ]


def test_every_answer_has_the_one_envelope(world: PortalWorld) -> None:
    for path in every_path(world):
        answer = ask(world, path)
        assert set(answer) == {"meta", "data"}, path
        assert set(answer["meta"]) >= META, path


def test_equal_content_gives_equal_bytes_and_a_304(world: PortalWorld) -> None:
    for path in every_path(world):
        first = world.client.get("/api/v1" + path)
        again = world.client.get("/api/v1" + path, headers={"If-None-Match": first.headers["ETag"]})
        assert not first.headers["ETag"].startswith("W/")
        assert (again.status_code, again.data) == (304, b""), path


def test_any_page_may_read_and_no_search_engine_may_list(world: PortalWorld) -> None:
    response = world.client.get("/api/v1/status")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_a_new_document_changes_the_snapshot(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    before = ask(world, "/status")["meta"]["snapshot"]
    document, passages = make_document(["Something new."], identity="new")
    world.store.add_document(document, passages)
    assert ask(world, "/status")["meta"]["snapshot"] != before


@pytest.mark.parametrize(
    ("path", "status", "code", "named"),
    [
        ("/passages?nonsense=1", 400, "invalid-parameter", "nonsense"),
        ("/status?nonsense=1", 400, "invalid-parameter", "nonsense"),
        ("/passages?per_page=-1", 400, "invalid-parameter", "per_page"),
        ("/passages?per_page=201", 400, "invalid-parameter", "per_page"),
        ("/passages?per_page=NaN", 400, "invalid-parameter", "per_page"),
        ("/passages?stance=failing", 400, "invalid-parameter", "stance"),
        ("/passages?from=2020&to=1990", 400, "invalid-parameter", "2020"),
        ("/passages?sort=review", 400, "invalid-parameter", "sort"),
        ("/passages?within_kind=review", 400, "invalid-parameter", "within"),
        ("/passages?q=x&within_kind=poem", 400, "invalid-parameter", "within_kind"),
        ("/passages?q=x&like=p0", 400, "invalid-parameter", "like"),
        ("/passages?theme=siloed-decision", 404, "theme-not-found", "siloed-decisions"),
        ("/passages?q=a&q=b", 400, "invalid-parameter", '"q"'),
        ("/passages?select=nothing", 400, "invalid-parameter", "passage_id"),
        ("/passages?stanse=x", 400, "invalid-parameter", "did you mean stance"),
        ("/passages?seed=1", 400, "invalid-parameter", "sample"),
        ("/passages?sample=3&q=x", 400, "invalid-parameter", "sample"),
        ("/passages?nation=Engalnd", 400, "invalid-parameter", "England"),
        ("/reviews?type=serious", 400, "invalid-parameter", "serious case review"),
        ("/passages?review=none-such", 404, "review-not-found", "none-such"),
        ("/counts?group_by=year", 400, "invalid-parameter", "group_by"),
        ("/passages?cursor=rubbish", 400, "invalid-cursor", "cursor"),
        ("/passages/none-such", 404, "passage-not-found", "none-such"),
        ("/reviews/none-such", 404, "review-not-found", "none-such"),
        ("/documents/none-such", 404, "document-not-found", "none-such"),
        ("/themes/none-such", 404, "theme-not-found", "They are listed at /api/v1/themes"),
        ("/themes/none-such/recurrence", 404, "theme-not-found", "none-such"),
        ("/nowhere", 404, "not-found", "address"),
    ],
)
def test_every_failure_is_one_problem_document(
    world: PortalWorld, path: str, status: int, code: str, named: str
) -> None:
    response = world.client.get("/api/v1" + path)
    assert response.content_type == "application/problem+json"
    body = json.loads(response.data)
    assert set(body) >= {"type", "title", "status", "detail", "code", "instance"}
    assert (response.status_code, body["status"], body["code"]) == (status, status, code)
    assert named in response.get_data(as_text=True)


def test_writing_is_refused_in_the_same_shape(world: PortalWorld) -> None:
    response = world.client.post("/api/v1/passages")
    assert (response.status_code, response.content_type) == (405, "application/problem+json")


@pytest.mark.parametrize(
    "query",
    ['"', "'", "*", "-", ":", "^", "(", "NEAR", "AND", "@x", "50%", "🙂", '"(*', "a" * 9000],
)
def test_no_query_is_an_error(world: PortalWorld, query: str) -> None:
    assert ask(world, f"/passages?q={quote(query)}")["data"] is not None


def test_walking_a_list_sees_each_passage_once(world: PortalWorld) -> None:
    seen: list[str] = []
    path = "/passages?per_page=2"
    while True:
        answer = ask(world, path)
        seen += [row["passage_id"] for row in answer["data"]]
        cursor = answer["meta"]["next_cursor"]
        if cursor is None:
            break
        path = f"/passages?per_page=2&cursor={cursor}"
    assert len(seen) == len(set(seen)) == answer["meta"]["total"]
    assert set(seen) == {passage.passage_id for passage in world.store.iter_passages()}


def test_a_cursor_is_refused_at_another_question_or_snapshot(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    cursor = ask(world, "/passages?per_page=1")["meta"]["next_cursor"]
    refused = ask(world, f"/passages?per_page=1&kind=news&cursor={cursor}", 400)
    assert "another query" in refused["detail"]
    document, passages = make_document(["Something new."], identity="new")
    world.store.add_document(document, passages)
    following = ask(world, f"/passages?per_page=1&cursor={cursor}")
    assert following["meta"]["snapshot"] != following["meta"]["snapshot_now"]
    cursor = ask(world, "/reviews?per_page=1")["meta"]["next_cursor"]
    world.store.add_document(*make_document(["Something newer."], identity="newer"))
    refused = ask(world, f"/reviews?per_page=1&cursor={cursor}", 410)
    assert (refused["code"], "first page" in refused["detail"]) == ("snapshot-moved", True)


@pytest.mark.parametrize("packed", ["[]", '["s","q",-1]', '["s","q",true]', "null", "{}"])
def test_a_tampered_cursor_is_refused(world: PortalWorld, packed: str) -> None:
    cursor = base64.urlsafe_b64encode(packed.encode()).decode()
    assert ask(world, f"/passages?cursor={cursor}", 400)["code"] == "invalid-cursor"


def test_filters_narrow_the_list(world: PortalWorld) -> None:
    news = ask(world, "/passages?kind=news")["data"]
    assert {row["kind"] for row in news} == {Kind.NEWS.value}
    old = ask(world, "/passages?to=1980")["data"]
    assert {row["review_id"] for row in old} == {"ann-example-1974"}
    failing = ask(world, "/passages?theme=not-passed-on&stance=failing-found")["data"]
    assert failing
    for row in failing:
        assert any(f["top_theme"] == "not-passed-on" for f in row["findings"])


def test_a_press_passage_is_cut_and_says_so(world: PortalWorld) -> None:
    row = ask(world, f"/passages/{world.news[0].passage_id}")["data"]
    assert row["licence_tier"] == LicenceTier.PRESS.value
    assert row["text_cut"] is True
    assert world.news[0].text.startswith(row["text"])
    assert len(row["text"].split()) == 25


def test_a_digest_says_that_the_words_are_ours(world: PortalWorld) -> None:
    ours = ask(world, f"/passages/{world.digest_1974[0].passage_id}")["data"]
    theirs = ask(world, f"/passages/{world.report_2013[0].passage_id}")["data"]
    assert (ours["whose_words"], theirs["whose_words"]) == ("throughline", "publisher")


def test_search_says_why_each_passage_was_found(world: PortalWorld) -> None:
    (first, *_) = ask(world, "/passages?q=hospital+earlier+injuries")["data"]
    assert first["passage_id"] == world.digest_2003[0].passage_id
    words = [first["text"][s["start"] : s["end"]] for s in first["why"]["words"]]
    assert "hospital" in [word.lower() for word in words]


def test_recurrence_of_a_theme_stands_in_date_order(world: PortalWorld) -> None:
    data = ask(world, "/themes/not-shared-between-agencies/recurrence")["data"]
    failing = [entry for entry in data["entries"] if entry["found_failing"]]
    dates = [entry["published"]["date"] for entry in failing]
    assert dates == sorted(dates)
    assert data["first_held"]["review_id"] == failing[0]["review_id"]
    assert data["coverage"]
    assert "not a rise in failure" in data["coverage_note"]
