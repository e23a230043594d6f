"""What every answer of the API keeps to: state, tag, headers and limits."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from portal_world import PortalWorld, make_world
from samples import make_code, make_document, make_judgement

from corpus.settings import Settings
from web.app import create_app
from web.current import current_library

READS = ("/status", "/themes", "/reviews", "/passages", "/passages?q=hospital", "/counts")


def ask(world: PortalWorld, path: str, status: int = 200) -> Any:
    response = world.client.get("/api/v1" + path)
    assert response.status_code == status, response.get_data(as_text=True)
    return response.get_json()


def walk(client: FlaskClient, path: str) -> tuple[list[str], dict[str, Any]]:
    seen: list[str] = []
    cursor = "*"
    while cursor:
        answer = client.get(f"/api/v1{path}&cursor={cursor}").get_json()
        seen += [row["passage_id"] for row in answer["data"]]
        cursor = answer["meta"]["next_cursor"]
    return seen, answer["meta"]


# -- tags -------------------------------------------------------------------------------


def test_a_write_that_leaves_the_snapshot_alone_still_changes_the_tag(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    before = world.client.get("/api/v1/passages")
    document = world.store.get_document(world.news[0].document_id)
    from corpus.store import refresh_document

    with world.store.writing() as connection:
        refresh_document(connection, document, [])
    held = {"If-None-Match": before.headers["ETag"]}
    after = world.client.get("/api/v1/passages", headers=held)
    assert after.status_code == 200
    assert after.get_json()["meta"]["snapshot"] == before.get_json()["meta"]["snapshot"]


def test_a_star_does_not_make_a_304_of_what_is_not_there(world: PortalWorld) -> None:
    held = {"If-None-Match": "*"}
    assert world.client.get("/api/v1/passages/none", headers=held).status_code == 404
    assert world.client.get("/api/v1/status", headers=held).status_code == 304


def test_each_question_has_a_tag_of_its_own(world: PortalWorld) -> None:
    paths = [*READS, "/passages?per_page=1", "/passages?select=text"]
    tags = {world.client.get("/api/v1" + path).headers["ETag"] for path in paths}
    assert len(tags) == len(paths)


def test_an_answer_says_when_what_it_was_made_from_last_changed(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    before = world.client.get("/api/v1/status").last_modified
    assert before is not None
    assert world.client.get("/api/v1/status").last_modified == before


# -- select, sample, include, group_by -------------------------------------------------------


def test_select_leaves_the_keys_asked_for_in_their_order(world: PortalWorld) -> None:
    rows = ask(world, "/passages?select=text,passage_id")["data"]
    assert {tuple(sorted(row)) for row in rows} == {("passage_id", "text")}
    whole = ask(world, "/passages")["data"]
    assert [row["text"] for row in rows] == [row["text"] for row in whole]
    assert set(ask(world, "/counts?select=total")["data"]) == {"total"}


def test_a_sample_is_the_same_for_its_seed_and_says_what_it_is_of(world: PortalWorld) -> None:
    first = ask(world, "/passages?sample=4&seed=7&per_page=3")
    again = ask(world, "/passages?sample=4&seed=7&per_page=3")
    assert first == again
    held = sum(1 for _ in world.store.iter_passages())
    assert (first["meta"]["total"], first["meta"]["sampled_from"]) == (4, held)
    rest = ask(world, f"/passages?sample=4&seed=7&cursor={first['meta']['next_cursor']}")
    ids = [row["passage_id"] for row in first["data"] + rest["data"]]
    assert len(set(ids)) == 4
    assert rest["meta"]["next_cursor"] is None


def test_include_shows_who_judged_and_what_the_machine_said(world: PortalWorld) -> None:
    judged = world.digest_1974[0].passage_id
    data = ask(world, f"/passages/{judged}?include=judgements,machine")["data"]
    assert [each["coder"] for each in data["judgements"]] == ["catalogue"]
    assert data["machine_findings"] == []
    tagged = world.report_2013[0].passage_id
    data = ask(world, f"/passages/{tagged}?include=machine")["data"]
    assert [each["confident"] for each in data["machine_findings"]] == [True, False]
    assert "judgements" not in data


@pytest.mark.parametrize(
    ("by", "keys"),
    [("nation", ["England", "Wales"]), ("decade", ["1970s", "2000s", "2010s"])],
)
def test_groups_hold_the_reviews_of_the_whole_each_once(
    world: PortalWorld, by: str, keys: list[str]
) -> None:
    data = ask(world, f"/counts?group_by={by}")["data"]
    assert [group["key"] for group in data["groups"]] == keys
    held = [group["coverage"]["reviews_held"] for group in data["groups"]]
    assert sum(held) == data["coverage"]["reviews_held"] == 3
    for figure in ("machine", "human_checked"):
        of_groups = [group["total"]["cells"][0][figure]["n"] for group in data["groups"]]
        assert sum(of_groups) == data["total"]["cells"][0][figure]["n"]


def test_a_search_says_whether_its_count_stopped_early(world: PortalWorld) -> None:
    meta = ask(world, "/passages?q=hospital")["meta"]
    assert meta["count_truncated"] is False
    assert ask(world, "/passages")["meta"]["count_truncated"] is False


# -- walks -----------------------------------------------------------------------------------


def test_a_walk_sees_each_passage_of_its_state_once_whatever_happens(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    for number in range(6):
        texts = [f"Number {number}, line {line}." for line in range(3)]
        world.store.add_document(*make_document(texts, identity=f"d{number}"))
    began = {passage.passage_id for passage in world.store.iter_passages()}
    client = world.client
    seen: list[str] = []
    cursor: str | None = "*"
    for step in range(100):
        answer = client.get(f"/api/v1/passages?per_page=2&cursor={cursor}").get_json()
        seen += [row["passage_id"] for row in answer["data"]]
        cursor = answer["meta"]["next_cursor"]
        if cursor is None:
            break
        added = make_document(["Added meanwhile."], identity=f"added {step}")
        world.store.add_document(*added)
        changed = make_document([f"Changed at {step}."], identity=f"d{step % 6}")
        world.store.add_document(*changed)
        world.store.add_judgement(make_judgement(world.news[0], make_code()))
    assert sorted(seen) == sorted(began)
    meta = answer["meta"]
    assert (meta["total"], meta["withdrawn"]) == (len(began), 0)
    assert meta["snapshot"] != meta["snapshot_now"]
    assert meta["snapshot"] in meta["how_to_cite"]


def test_a_walk_is_refused_once_the_machine_has_read_anew(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    cursor = ask(world, "/passages?per_page=2")["meta"]["next_cursor"]
    world.store.put_findings({world.news[1].passage_id: []}, tagger_version="keyword-2")
    refused = ask(world, f"/passages?per_page=2&cursor={cursor}", 410)
    assert refused["code"] == "snapshot-moved"
    assert "/api/v1/snapshots" in refused["detail"]


def test_both_orders_and_any_size_of_page_give_the_same_list(world: PortalWorld) -> None:
    forward, _ = walk(world.client, "/passages?per_page=3")
    backward, _ = walk(world.client, "/passages?per_page=2&sort=-date")
    assert forward == backward[::-1]
    assert len(set(forward)) == len(forward)


@pytest.mark.parametrize("change", [lambda c: c[:-4] + "AAAA", lambda c: c[:10], lambda c: "é" + c])
def test_one_letter_off_is_no_cursor_of_ours(world: PortalWorld, change: Any) -> None:
    cursor = ask(world, "/passages?per_page=1")["meta"]["next_cursor"]
    response = world.client.get("/api/v1/passages", query_string={"cursor": change(cursor)})
    assert (response.status_code, response.get_json()["code"]) == (400, "invalid-cursor")


def test_a_cursor_of_one_list_does_not_open_another(world: PortalWorld) -> None:
    cursor = ask(world, "/reviews?per_page=1")["meta"]["next_cursor"]
    refused = ask(world, f"/passages?cursor={cursor}", 400)
    assert "another query" in refused["detail"]


# -- headers and failures -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/status", 200),
        ("GET", "/api/v1/status?x=1", 400),
        ("GET", "/api/v1/nowhere", 404),
        ("GET", "/api/nowhere", 404),
        ("POST", "/api/v1/status", 405),
        ("OPTIONS", "/api/v1/status", 200),
    ],
)
def test_every_answer_is_open_to_readers_and_closed_to_search_engines(
    world: PortalWorld, method: str, path: str, status: int
) -> None:
    response = world.client.open(path, method=method)
    assert response.status_code == status
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "Content-Security-Policy" in response.headers
    assert "Server" not in response.headers
    if status >= 400:
        assert response.content_type == "application/problem+json"
    if status == 405:
        assert "GET" in response.headers["Allow"]


def test_a_browser_may_ask_conditionally(world: PortalWorld) -> None:
    headers = world.client.options("/api/v1/status").headers
    assert headers["Access-Control-Allow-Headers"] == "If-None-Match"
    assert "ETag" in headers["Access-Control-Expose-Headers"]


def test_what_a_failure_is_called_leads_to_a_page(world: PortalWorld) -> None:
    for path in ("/passages?x=1", "/passages/none", "/nowhere", "/passages?cursor=x"):
        problem = json.loads(world.client.get("/api/v1" + path).data)
        page = world.client.get(problem["type"])
        assert (page.status_code, problem["code"] in page.text) == (200, True)
    assert world.client.get("/api/v1/errors/none-such").status_code == 404


def test_the_page_of_the_api_lists_each_shape_once_and_every_link_in_it_leads_somewhere(
    world: PortalWorld,
) -> None:
    page = world.get("/api/v1/")
    places = re.findall(r' id="([^"]+)"', page)
    assert len(places) == len(set(places))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(places)
    assert page.count(">PassageShape</h3>") == 1
    assert "Selected" not in page


def test_all_parameters_at_fault_are_named_at_once(world: PortalWorld) -> None:
    problem = ask(world, "/passages?per_page=x&from=y&stance=z", 400)
    assert {each["parameter"] for each in problem["errors"]} == {"stance", "from", "per_page"}


@pytest.mark.parametrize(
    ("query", "named"),
    [("theme=,", "theme"), ("kind=,,", "kind"), ("select=,", "select"), ("from=1990-xx", "from")],
)
def test_a_filter_that_names_nothing_is_refused(world: PortalWorld, query: str, named: str) -> None:
    problem = ask(world, f"/passages?{query}", 400)
    assert [each["parameter"] for each in problem["errors"]] == [named]


def test_a_failure_inside_says_nothing_of_it(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.app.testing = False
    with world.app.app_context():
        del current_library().store._engine
    response = world.client.get("/api/v1/status")
    assert (response.status_code, response.get_json()["code"]) == (500, "internal-server-error")
    assert "_engine" not in response.text


def test_a_missing_index_is_a_503_that_says_when_to_come_back(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path))
    response = app.test_client().get("/api/v1/passages?q=x")
    assert (response.status_code, response.get_json()["code"]) == (503, "stale-index")
    assert int(response.headers["Retry-After"]) > 0


# -- limits and health -----------------------------------------------------------------------------


@pytest.fixture
def strict(tmp_path: Path) -> FlaskClient:
    return create_app(Settings(data_dir=tmp_path, api_requests_per_minute=3)).test_client()


def test_the_limit_is_told_and_then_held_whatever_the_caller_says_of_itself(
    strict: FlaskClient,
) -> None:
    for left in (2, 1, 0):
        told = strict.get("/api/v1/status", headers={"X-Forwarded-For": f"10.0.0.{left}"})
        assert told.headers["RateLimit"].startswith(f'"reading";r={left};t=')
        assert told.headers["RateLimit-Policy"] == '"reading";q=3;w=60'
    refused = strict.get("/api/v1/status", headers={"X-Forwarded-For": "10.0.0.9"})
    assert (refused.status_code, refused.content_type) == (429, "application/problem+json")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    body = refused.get_json()
    assert (body["code"], body["snapshots"]) == ("too-many-requests", "/api/v1/snapshots")
    assert "snapshot" in body["detail"]


def test_pages_and_health_stay_free_when_the_limit_is_reached(strict: FlaskClient) -> None:
    for _ in range(5):
        strict.get("/api/v1/status")
    assert [strict.get(path).status_code for path in ("/healthz", "/themes")] == [200, 200]


def test_only_the_proxies_that_are_named_speak_for_a_caller(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, api_requests_per_minute=1, trusted_proxies=1)
    client = create_app(settings).test_client()
    given = [client.get("/api/v1/status", headers={"X-Forwarded-For": ip}).status_code
             for ip in ("10.0.0.1", "10.0.0.2", "6.6.6.6, 10.0.0.2")]  # fmt: skip
    assert given == [200, 200, 429]


def test_health_says_what_cannot_be_used(world: PortalWorld, tmp_path: Path) -> None:
    assert world.client.get("/readyz").get_json()["status"] == "ok"
    empty = create_app(Settings(data_dir=tmp_path)).test_client()
    assert empty.get("/healthz").status_code == 200
    response = empty.get("/readyz")
    assert response.status_code == 503
    assert "throughline analyse" in response.get_json()["checks"]["index"]
