"""A note of a hash holds for as long as the file is the one that was hashed."""

import os
from pathlib import Path

import pytest

from nlp.checked_files import checked_before, note_checked

LONG_AGO = 1_600_000_000


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "weights.bin"
    path.write_bytes(b"abc")
    os.utime(path, (LONG_AGO, LONG_AGO))
    # The inode's time cannot be set: the clock goes on instead.
    later = path.stat().st_ctime + 60
    monkeypatch.setattr("nlp.checked_files.time.time", lambda: later)
    return path


def test_a_file_is_known_as_it_lay_there_and_by_that_hash_alone(
    weights: Path, tmp_path: Path
) -> None:
    assert not checked_before(weights, "a" * 64, tmp_path)
    note_checked(weights, "a" * 64, tmp_path)
    assert checked_before(weights, "a" * 64, tmp_path)
    assert not checked_before(weights, "b" * 64, tmp_path)


def test_a_write_that_sets_back_the_files_time_is_seen(weights: Path, tmp_path: Path) -> None:
    note_checked(weights, "a" * 64, tmp_path)
    weights.write_bytes(b"abd")
    os.utime(weights, (LONG_AGO, LONG_AGO))
    assert not checked_before(weights, "a" * 64, tmp_path)


def test_a_file_put_in_its_place_is_seen(weights: Path, tmp_path: Path) -> None:
    note_checked(weights, "a" * 64, tmp_path)
    other = tmp_path / "other"
    other.write_bytes(b"abc")
    os.utime(other, (LONG_AGO, LONG_AGO))
    other.replace(weights)
    assert not checked_before(weights, "a" * 64, tmp_path)


def test_what_was_written_just_now_is_not_noted(
    weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = weights.stat().st_ctime
    monkeypatch.setattr("nlp.checked_files.time.time", lambda: now)
    note_checked(weights, "a" * 64, tmp_path)
    assert not checked_before(weights, "a" * 64, tmp_path)


@pytest.mark.parametrize("notes", ["", "[]", "{", '{"x": 1}'])
def test_damaged_notes_and_folders_that_are_not_there_say_no(
    weights: Path, tmp_path: Path, notes: str
) -> None:
    (tmp_path / "checked.json").write_text(notes)
    assert not checked_before(weights, "a" * 64, tmp_path)
    note_checked(weights, "a" * 64, tmp_path / "none")
    assert not checked_before(weights, "a" * 64, tmp_path / "none")
