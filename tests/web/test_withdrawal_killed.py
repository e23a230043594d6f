"""``kill -9`` in the middle of a withdrawal: the next command leaves nothing of the words."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from doomed_shelf import REASON, Shelf, make_shelf
from shell import Shell

from corpus.errors import WithdrawnError
from corpus.withdrawals import open_withdrawals

_KILLED = """
import importlib, os, signal, sys
module, name, when, *arguments = sys.argv[1:]
place = importlib.import_module(module)
real = getattr(place, name)
def step(*given, **named):
    if when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    done = real(*given, **named)
    os.kill(os.getpid(), signal.SIGKILL)
    return done
setattr(place, name, step)
from web.cli import main
main(arguments)
"""
POINTS = (
    ("corpus.withdrawals", "erase", "after"),  # nothing is committed yet
    ("web.withdrawing", "finish", "before"),
    ("ingest.overwrite", "_zero", "after"),
    ("ingest.overwrite", "_replace", "after"),
    ("web.withdrawing", "purge_index", "before"),
    ("nlp.purge", "build_index", "after"),  # the older index is still beside the new one
    ("corpus.snapshots.withdrawal", "redact_package", "after"),
    ("corpus.snapshots.withdrawal", "_erase_from_copy", "after"),
    ("corpus.erasing", "_rewrite", "before"),
    ("corpus.erasing", "_rewrite", "after"),
)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return make_shelf(tmp_path / "data")


def _withdraw_and_die(shelf: Shelf, point: tuple[str, str, str]) -> None:
    ask = ("withdraw", shelf.doomed.document_id, "--reason", REASON, "--data-dir")
    shelf.store.close()
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, *point, *ask, str(shelf.data_dir)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr


@pytest.mark.parametrize("point", POINTS, ids=lambda point: ".".join(point[1:]))
def test_a_withdrawal_that_was_killed_is_finished_by_asking_again(
    shelf: Shelf, point: tuple[str, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _withdraw_and_die(shelf, point)
    assert shelf.files_with_marker() or point[1:] == ("_rewrite", "after")
    shell = Shell(capsys, str(shelf.data_dir))
    again = shell.on_data("withdraw", shelf.doomed.document_id, "--reason", REASON)
    assert again.status == 0, again.err
    assert shelf.files_with_marker() == []
    assert open_withdrawals(shelf.store) == ()
    shelf.store.check_integrity()
    with pytest.raises(WithdrawnError):
        shelf.store.get_document(shelf.doomed.document_id)
    assert shelf.store.get_document(shelf.kept.document_id) == shelf.kept


@pytest.mark.parametrize("command", ["withdraw", "ingest"])
def test_whatever_command_comes_next_finishes_it(
    shelf: Shelf, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _withdraw_and_die(shelf, ("ingest.overwrite", "_zero", "after"))
    assert len(open_withdrawals(shelf.store)) == 1
    shell = Shell(capsys, str(shelf.data_dir))
    assert "OFF  withdrawals" in shell.on_data("doctor").out
    file = tmp_path / "other.txt"
    file.write_text("1.1 The surgery wrote to the school twice about the visit and the plan.\n")
    arguments = [str(file)] if command == "ingest" else []
    done = shell.on_data(command, *arguments)
    assert done.status == 0, done.err
    assert open_withdrawals(shelf.store) == ()
    assert shelf.files_with_marker() == []
