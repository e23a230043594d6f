from pathlib import Path

import httpx
import pytest
from portal_world import PortalWorld, make_world
from samples import make_document

import throughline as tl


@pytest.fixture
def world(tmp_path: Path) -> PortalWorld:
    return make_world(tmp_path)


def client_of(world: PortalWorld, **options: object) -> tl.Client:
    transport = httpx.WSGITransport(app=world.app)
    return tl.Client("http://portal.invalid", transport=transport, **options)  # type: ignore[arg-type]


def test_a_list_is_read_to_its_end_whatever_the_size_of_a_page(world: PortalWorld) -> None:
    with client_of(world) as client:
        rows = client.passages(per_page=2)
        ids = [row["passage_id"] for row in rows]
        assert len(ids) == len(set(ids)) == rows.meta["total"]
        assert ids == [row["passage_id"] for row in client.passages()]


def test_parameters_are_written_as_the_api_reads_them(world: PortalWorld) -> None:
    with client_of(world) as client:
        old = client.passages(to=1980, kind=["digest", "news"], possible=True)
        assert {row["review_id"] for row in old} == {"ann-example-1974"}
        new = client.passages(from_=2020)
        assert {row["kind"] for row in new} == {"news"}


def test_a_change_between_two_calls_is_an_error_unless_nothing_was_pinned(
    world: PortalWorld,
) -> None:
    pinned, free = client_of(world), client_of(world, pin=False)
    pinned.status()
    before = free.status().meta["snapshot"]
    world.store.add_document(*make_document(["Something new."], identity="new"))
    assert free.status().meta["snapshot"] != before
    with pytest.raises(tl.SnapshotChangedError, match=before):
        pinned.status()


def test_a_list_that_was_begun_is_read_on_in_its_own_snapshot(world: PortalWorld) -> None:
    client = client_of(world)
    rows = client.passages(per_page=2)
    first = next(rows)
    world.store.add_document(*make_document(["Something new."], identity="new"))
    rest = list(rows)
    assert len([first, *rest]) == rows.meta["total"]
    assert rows.meta["snapshot"] == client.snapshot


def test_a_snapshot_that_is_named_is_read_or_said_not_to_be_held(world: PortalWorld) -> None:
    held = client_of(world).status().meta["snapshot"]
    with client_of(world, snapshot=held) as client:
        assert len(list(client.passages(per_page=2))) == 9
        assert client.snapshot == held
    with pytest.raises(tl.ApiError, match="s0000000000000000"):
        client_of(world, snapshot="s0000000000000000").status()


def test_a_refusal_carries_the_problem_document(world: PortalWorld) -> None:
    with pytest.raises(tl.ApiError, match="none-such") as refused:
        client_of(world).passage("none-such")
    assert (refused.value.status, refused.value.code) == (404, "passage-not-found")


def test_a_busy_server_is_asked_again_after_as_long_as_it_says() -> None:
    answers = iter(
        [
            httpx.Response(429, headers={"Retry-After": "7"}),
            httpx.Response(503),
            httpx.Response(200, json={"meta": {"snapshot": "s1"}, "data": {}}),
        ]
    )
    waited: list[float] = []
    transport = httpx.MockTransport(lambda _: next(answers))
    client = tl.Client("http://portal.invalid", transport=transport, sleep=waited.append)
    assert client.status().meta["snapshot"] == "s1"
    assert waited == [7.0, 1.0]


def test_a_server_that_stays_busy_is_given_up_with_its_own_sentence() -> None:
    problem = {"detail": "Too many requests.", "code": "too-many-requests"}
    transport = httpx.MockTransport(lambda _: httpx.Response(429, json=problem))
    client = tl.Client(
        "http://portal.invalid", transport=transport, retries=2, sleep=lambda _: None
    )
    with pytest.raises(tl.ApiError, match="Too many requests"):
        client.status()


def test_nobody_at_the_address_is_said_in_a_sentence() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    client = tl.Client(
        "http://portal.invalid",
        transport=httpx.MockTransport(refuse),
        retries=1,
        sleep=lambda _: None,
    )
    with pytest.raises(tl.ClientError, match="Is it running"):
        client.status()


def test_a_page_that_is_no_throughline_is_said_to_be_none() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, text="<html>"))
    with pytest.raises(tl.ClientError, match="no JSON"):
        tl.Client("http://portal.invalid", transport=transport).status()


def test_frames_have_a_row_an_item_and_a_column_a_key(world: PortalWorld) -> None:
    client = client_of(world)
    frame = client.passages(select=["passage_id", "date"]).to_frame()
    assert list(frame.columns) == ["passage_id", "date"]
    assert len(frame) == client.status().data["held"]["passages"]
    assert len(client.themes().to_frame()) == len(client.themes().data)
    with pytest.raises(tl.ClientError, match="one record"):
        client.status().to_frame()


def test_importing_the_client_loads_nothing_of_the_program() -> None:
    import subprocess
    import sys

    code = (
        "import sys, throughline; "
        "print({'corpus', 'ingest', 'nlp', 'web', 'pandas', 'flask'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
