import datetime as dt
import hashlib
import json
import threading
import time
from pathlib import Path

import pytest
from fakes import FakeEncoder
from older_schema import rewrite_at
from portal_world import PortalWorld, make_world
from samples import make_code, make_document, make_judgement
from shell import Shell
from werkzeug.test import TestResponse

from corpus.model import Attribution
from corpus.snapshots.copying import copy_store
from corpus.snapshots.shelf import HeldSnapshot, list_held
from corpus.withdrawals import list_withdrawals
from web.current import current_library
from web.holdings import Library
from web.publishing import publish
from web.withdrawing import withdraw

API = "/api/v1"
PUBLISHED_AT = dt.datetime(2026, 3, 4, 5, 6, 7, tzinfo=dt.UTC)


class Published:
    """A world with a snapshot, and what was added since."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.world: PortalWorld = make_world(data_dir)
        with self.world.app.app_context():
            self.own_library: Library = current_library()
        self.own_library.encoder = FakeEncoder
        self.before = self.ask("/counts")
        self.held: HeldSnapshot = publish(self.own_library, created_at=PUBLISHED_AT)[0]
        self.name = self.held.name

    def ask(self, path: str, status: int = 200, **headers: str) -> dict[str, object]:
        response = self.world.client.get(API + path, headers=headers)
        assert response.status_code == status, response.get_data(as_text=True)
        found: dict[str, object] = response.get_json()
        return found

    def fetch(self, path: str, *, held: str | None = None) -> TestResponse:
        """A file, read whole and closed."""
        headers = {} if held is None else {"If-None-Match": held}
        answer = self.world.client.get(path, headers=headers)
        answer.get_data()
        answer.close()
        return answer

    def change(self) -> None:
        """Something new that a search would find, and a judgement."""
        document, passages = make_document(("The hospital was told late.",), identity="file:new")
        self.world.store.add_document(document, passages)
        code = make_code("checks-not-made", attribution=Attribution.REPORTED)
        self.world.store.add_judgement(make_judgement(self.world.digest_1974[2], code))


@pytest.fixture
def published(tmp_path: Path) -> Published:
    return Published(tmp_path / "data")


def test_answers_from_a_snapshot_are_those_given_before_it_all_changed(
    published: Published,
) -> None:
    paths = [
        "/counts?by=theme",
        "/passages?per_page=200",
        "/passages?q=hospital",
        "/passages?sample=3&seed=2",
        "/reviews",
        "/reviews/child-n-2003",
        f"/documents/{published.world.news[0].document_id}",
        f"/passages/{published.world.digest_1974[2].passage_id}?include=judgements",
        "/themes/checks-not-made",
        "/themes/not-shared-between-agencies/recurrence",
        "/status?select=held",
    ]
    before = {path: published.ask(path)["data"] for path in paths}
    published.change()
    assert published.ask("/status")["data"] != before["/status?select=held"]
    for path, data in before.items():
        mark = "&" if "?" in path else "?"
        answer = published.ask(f"{path}{mark}snapshot={published.name}")
        assert answer["data"] == data, path
        assert answer["meta"]["snapshot"] == published.name  # type: ignore[index]
        assert answer["meta"]["withdrawn_since"] == 0  # type: ignore[index]


def test_what_is_held_now_can_always_be_named(published: Published) -> None:
    published.change()
    now = published.own_library.snapshot
    assert now != published.name
    assert published.ask(f"/counts?snapshot={now}") == published.ask("/counts")


def test_the_hash_of_the_manifest_names_a_snapshot_too(published: Published) -> None:
    published.change()
    sealed = published.held.manifest.sha256
    assert published.ask(f"/counts?snapshot={sealed}")["data"] == published.before["data"]


def test_a_walk_goes_through_a_snapshot_to_its_end(published: Published) -> None:
    ids = [row["passage_id"] for row in published.ask("/passages?per_page=200")["data"]]  # type: ignore[attr-defined]
    published.change()
    seen, path = [], f"/passages?per_page=4&snapshot={published.name}"
    cursor: str | None = "*"
    while cursor:
        page = published.ask(f"{path}&cursor={cursor}")
        seen += [row["passage_id"] for row in page["data"]]  # type: ignore[attr-defined]
        cursor = page["meta"]["next_cursor"]  # type: ignore[index]
    assert seen == ids


def test_files_of_a_snapshot_are_exported_from_it(published: Published) -> None:
    before = published.world.client.get(f"{API}/passages.jsonl").data
    published.change()
    answer = published.world.client.get(f"{API}/passages.jsonl?snapshot={published.name}")
    assert answer.data == before
    assert answer.headers["X-Throughline-Snapshot"] == published.name


def test_one_that_is_not_held_says_what_is(published: Published) -> None:
    for path in ("/counts", "/passages.csv", "/snapshots"):
        problem = published.ask(f"{path}?snapshot=s0000000000000000", 404)
        assert problem["code"] == "snapshot-not-held"
        assert published.name in str(problem["detail"])


def test_snapshots_are_listed_with_files_whose_sums_are_theirs(published: Published) -> None:
    etag = published.world.client.get(f"{API}/snapshots").headers["ETag"]
    published.change()
    rows = published.ask("/snapshots")["data"]
    assert [(row["snapshot"], row["current"]) for row in rows] == [  # type: ignore[attr-defined]
        (published.own_library.snapshot, True),
        (published.name, False),
    ]
    publish(published.own_library, created_at=PUBLISHED_AT)
    again = published.world.client.get(f"{API}/snapshots", headers={"If-None-Match": etag})
    assert again.status_code == 200
    detail = published.ask(f"/snapshots/{published.name}")["data"]
    assert detail["rows"]["passages"] == 9  # type: ignore[index]
    for file in detail["files"]:  # type: ignore[index]
        answer = published.fetch(file["href"])
        assert len(answer.data) == file["size_bytes"]
        if file["sha256"]:
            assert hashlib.sha256(answer.data).hexdigest() == file["sha256"]
            assert answer.headers["ETag"] == f'"{file["sha256"]}"'
        kept = answer.headers["Cache-Control"]
        # What a withdrawal may rewrite is in no cache that readers share.
        assert ("immutable" in kept) == (file["name"] == "manifest.json")
        assert ("private" in kept) == (file["name"] != "manifest.json")
        assert published.fetch(file["href"], held=answer.headers["ETag"]).status_code == 304


def test_only_files_of_the_package_are_given(published: Published) -> None:
    names = ("throughline.db", "..%2Fcopy%2Fthroughline.db", "PACKAGE", "%00", "README.md%0A")
    for name in names:
        answer = published.fetch(f"{API}/snapshots/{published.name}/files/{name}")
        assert answer.status_code == 404, name
        assert answer.content_type == "application/problem+json"


def test_the_page_names_files_and_what_was_withdrawn(published: Published) -> None:
    page = published.world.get("/snapshots")
    assert published.held.manifest.sha256 in page
    assert "passages.parquet" in page
    withdraw(
        published.world.store,
        published.data_dir,
        [published.world.digest_2003[0].document_id],
        reason="Asked by its publisher.",
        by="tester",
    )
    assert "Asked by its publisher." in published.world.get("/snapshots")


def test_a_withdrawal_reaches_answers_files_and_caches_of_a_snapshot(
    published: Published,
) -> None:
    passage = published.world.digest_2003[0]
    search = f"/passages?q=hospital&snapshot={published.name}"
    file = f"{API}/snapshots/{published.name}/files/passages.csv"
    kept = published.world.client.get(API + search).headers["ETag"]
    kept_file = published.fetch(file)
    assert passage.text.encode() in kept_file.data
    withdraw(
        published.world.store,
        published.data_dir,
        [passage.document_id],
        reason="Asked by its publisher.",
        by="tester",
    )
    again = published.world.client.get(API + search, headers={"If-None-Match": kept})
    assert again.status_code == 200
    assert passage.text.encode() not in again.data
    assert again.get_json()["meta"]["withdrawn_since"] == 1
    gone = published.ask(f"/passages/{passage.passage_id}?snapshot={published.name}", 410)
    assert gone["code"] == "withdrawn"
    answer = published.fetch(file, held=kept_file.headers["ETag"])
    assert answer.status_code == 200
    assert passage.text.encode() not in answer.data
    for path in published.data_dir.rglob("*"):
        assert not path.is_file() or passage.text.encode() not in path.read_bytes(), path


def test_a_withdrawal_waits_for_a_package_that_is_being_written(
    published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    published.change()
    passage = published.world.digest_2003[0]
    begun, results = threading.Event(), []

    def take_down() -> None:
        begun.wait()
        results.append(
            withdraw(
                published.world.store,
                published.data_dir,
                [passage.document_id],
                reason="Asked by its publisher.",
                by="tester",
            )
        )

    def slow_copy(*arguments: object) -> None:
        # The state that is published was read before; the withdrawal begins now.
        begun.set()
        while not list_withdrawals(published.world.store):
            time.sleep(0.01)
        copy_store(*arguments)  # type: ignore[arg-type]  # as it was called

    thread = threading.Thread(target=take_down)
    thread.start()
    monkeypatch.setattr("corpus.snapshots.create.copy_store", slow_copy)
    held, new = publish(published.own_library, created_at=PUBLISHED_AT)
    thread.join()
    assert new
    assert len(results) == 1
    assert [one.document_id for one in held.redactions.documents] == [passage.document_id]
    for path in published.data_dir.rglob("*"):
        assert not path.is_file() or passage.text.encode() not in path.read_bytes(), path


def test_a_copy_of_an_older_schema_still_answers(published: Published) -> None:
    paths = ("/counts", "/passages?per_page=200", "/passages?q=hospital", "/reviews/child-n-2003")
    before = {path: published.ask(path)["data"] for path in paths}
    rewrite_at(published.held.copy, "0004")
    published.change()
    for path in paths:
        mark = "&" if "?" in path else "?"
        assert published.ask(f"{path}{mark}snapshot={published.name}")["data"] == before[path]


# -- the shell -------------------------------------------------------------------------


@pytest.fixture
def shell(published: Published, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys, str(published.data_dir))


def test_the_shell_publishes_shows_and_checks(
    shell: Shell, published: Published, tmp_path: Path
) -> None:
    published.change()
    done = shell.on_data("snapshot", "create", "--out", str(tmp_path / "out"), "--json")
    made = json.loads(done.out)
    assert (done.status, made["new"]) == (0, True)
    folder = Path(made["folder"])
    manifest = (folder / "manifest.json").read_bytes()
    assert made["manifest_sha256"] == hashlib.sha256(manifest).hexdigest()
    again = json.loads(shell.on_data("snapshot", "create", "--json").out)
    assert (again["snapshot"], again["new"]) == (made["snapshot"], False)
    listed = shell.on_data("snapshot", "list")
    assert made["snapshot"] in listed.out
    assert published.name in listed.out
    assert "reviews.parquet" in shell.on_data("snapshot", "show", published.name).out
    assert shell.on_data("snapshot", "verify").status == 0
    assert shell.on_data("snapshot", "verify", str(folder)).status == 0


def test_the_shell_exits_with_3_and_names_what_differs(shell: Shell, published: Published) -> None:
    path = published.held.package / "findings.csv"
    path.write_bytes(path.read_bytes().replace(b"0.9", b"0.8"))
    done = shell.on_data("snapshot", "verify", published.name)
    assert done.status == 3
    assert "findings.csv" in done.out
    doctor = shell.on_data("doctor")
    (line,) = [line for line in doctor.out.splitlines() if " snapshots:" in line]
    assert line.startswith("OFF")
    assert "findings.csv" in line


def test_the_shell_splits_what_changed(shell: Shell, published: Published) -> None:
    published.change()
    done = shell.on_data("snapshot", "diff", published.name, "--json")
    changes = {(one["key"], one["figure"]): one for one in json.loads(done.out)["changes"]}
    change = changes["checks-not-made", "standing"]
    assert (change["before"], change["after"], change["human_corrections"]) == (0, 1, 1)
    assert "checks-not-made" in shell.on_data("snapshot", "diff", published.name).out
    same = shell.on_data("snapshot", "diff", published.name, published.name)
    assert "No figure differs" in same.out


def test_commands_answer_from_a_snapshot(shell: Shell, published: Published) -> None:
    before = shell.on_data("recurrence", "--json").out
    published.change()
    after = shell.on_data("recurrence", "--json", "--snapshot", published.name).out
    assert after == before
    counts = ("counts", "--from", "1974", "--to", "2026", "--json")
    told = json.loads(shell.on_data(*counts, "--snapshot", published.name).out)
    assert told["snapshot"] == published.name
    lost = shell.on_data(*counts, "--snapshot", "s0000000000000000")
    assert lost.status == 1
    assert published.name in lost.err


def test_a_held_snapshot_answers_with_the_codebook_of_its_time(published: Published) -> None:
    folder = published.held.copy / "codebook" / "themes" / "siloed-working.toml"
    text = folder.read_text(encoding="utf-8")
    old = published.own_library.codebook.entry("siloed-decisions").label
    folder.write_text(text.replace(old, "As it was called then"), encoding="utf-8")
    published.change()
    asked = f"/themes/siloed-decisions?snapshot={published.name}"
    assert published.ask(asked)["data"]["label"] == "As it was called then"  # type: ignore[index]
    assert published.ask("/themes/siloed-decisions")["data"]["label"] == old  # type: ignore[index]


def test_the_index_of_a_snapshot_is_the_same_files_until_a_withdrawal(
    published: Published,
) -> None:
    (live,) = published.data_dir.glob("index/*/vectors.faiss")
    (kept,) = published.held.copy.glob("index/*/vectors.faiss")
    assert kept.samefile(live)
    assert [each.name for each in list_held(published.data_dir)] == [published.name]
