"""What is wrong with a search index is named, with the command that mends it."""

from pathlib import Path

import pytest
from analysed_stores import analyse_store, fill_store
from samples import make_document
from shell import Shell

from corpus.store import Store
from nlp.index import open_index

TEXTS = ["Nobody rang the school.", "The clinic thought that consent was needed."]


@pytest.fixture
def shelf(tmp_path: Path) -> tuple[Store, Path]:
    store, _ = fill_store(tmp_path, TEXTS)
    analyse_store(store, tmp_path)
    return store, tmp_path


def index_line(shell: Shell) -> str:
    """What doctor says of the index; it fails whenever that is off."""
    checked = shell.on_data("doctor")
    (line,) = [line for line in checked.out.splitlines() if " index:" in line]
    assert line.startswith("ok") or checked.status == 1
    return line


@pytest.mark.parametrize("name", ["vectors.faiss", "ids.npy", "columns/row_document.npy"])
@pytest.mark.parametrize("damage", ["cut short", "edited"])
def test_a_damaged_file_is_named_and_mended_by_the_next_analysis(
    shelf: tuple[Store, Path], capsys: pytest.CaptureFixture[str], name: str, damage: str
) -> None:
    store, data_dir = shelf
    shell = Shell(capsys, str(data_dir))
    assert index_line(shell).startswith("ok")
    path = open_index(data_dir).folder / name
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] if damage == "cut short" else whole[:-1] + b"\x7f")
    said = index_line(shell)
    assert said.startswith("OFF")
    assert name in said
    assert "throughline analyse" in said
    assert analyse_store(store, data_dir).index_rebuilt
    assert index_line(shell).startswith("ok")


def test_passages_that_are_not_indexed_are_counted(
    shelf: tuple[Store, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    store, data_dir = shelf
    document, passages = make_document(["Another."], identity="file:other")
    store.add_document(document, passages)
    store.put_findings({passages[0].passage_id: []}, tagger_version="keyword-1")
    assert "lacks 1 analysed passages" in index_line(Shell(capsys, str(data_dir)))
