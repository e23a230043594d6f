"""The commands that show and change what is held back, and what is of one review."""

import json
from pathlib import Path

import pytest
from admitting import admit_texts, report_texts, review_of
from shell import Shell

from corpus.store import Store, open_store


@pytest.fixture
def held(tmp_path: Path) -> Store:
    return open_store(tmp_path / "data")


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys, str(tmp_path / "data"))


def test_quarantine_lists_shows_and_releases(held: Store, shell: Shell) -> None:
    _, document = admit_texts(
        held, ["Sorry, we can't find it."], "https://example.org/a", title="Page not found"
    )
    listed = shell.on_data("quarantine", "list")
    assert listed.status == 0
    assert f"{document.document_id}  " in listed.out
    assert "TMP-001  Page not found" in listed.out
    shown = shell.on_data("quarantine", "show", document.document_id, "--text").out
    assert "a page that says nothing is here: Page not found" in shown
    assert "Sorry, we can't find it." in shown
    asked = ("quarantine", "release", document.document_id)
    assert shell.on_data(*asked).status == 2
    done = shell.on_data(*asked, "--reason", "It is a poem.", "--by", "ed")
    assert done.status == 0, done.err
    assert "Nothing is in quarantine." in shell.on_data("quarantine", "list").out
    (logged,) = json.loads(shell.on_data("quarantine", "list", "--released", "--json").out)
    assert (logged["released_by"], logged["release_reason"]) == ("ed", "It is a poem.")
    unknown = shell.on_data("quarantine", "show", "d" + "0" * 16)
    assert unknown.status == 1
    assert "throughline quarantine list" in unknown.err


def test_groups_are_shown_split_and_merged(held: Store, shell: Shell) -> None:
    texts = report_texts("amber")
    _, one = admit_texts(held, texts, "https://example.org/1", title="A report")
    _, copy = admit_texts(held, [*texts, "A copy."], "https://example.org/2", title="A copy")
    review_id = review_of(held, one) or ""
    shown = shell.on_data("group", "show", review_id).out
    assert "made from its documents" in shown
    assert "joined" in shown
    assert "by rule GRP-002: 100% of its runs of five words" in shown
    done = shell.on_data("group", "split", copy.document_id, "--reason", "No.", "--by", "ed")
    assert done.status == 0, done.err
    began = review_of(held, copy) or ""
    assert began != review_id
    done = shell.on_data("group", "merge", began, review_id, "--reason", "Yes.", "--by", "ed")
    assert done.status == 0, done.err
    members = json.loads(shell.on_data("group", "show", review_id, "--json").out)["documents"]
    actions = {one["title"]: [each["action"] for each in one["decisions"]] for one in members}
    assert actions["A copy"] == ["joined", "split", "merged"]
