"""One immutable folder at a time: whole, switched in one step, never half seen."""

import json
import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEncoder
from shelves import index_passages, make_analysed, make_stamp

from corpus.errors import InvalidInputError, StaleIndexError, StorageError
from nlp.build_index import STEPS, build_index, gather_vectors
from nlp.embed import DIMENSION, Vectors
from nlp.grow_index import MovedError, can_grow, grow_index
from nlp.index import (
    CURRENT,
    INDEX_FOLDER,
    SearchIndex,
    current_name,
    damaged_files,
    open_index,
    read_manifest,
)
from nlp.vectors import RowMask
from nlp.word_query import read_word_query

OLD = ["the nursery rang nobody", "the school rang the clinic"]
NEW = [*OLD, "the clinic wrote to the nursery"]


def build(data_dir: Path, texts: list[str], done: Callable[[str], None] | None = None) -> None:
    build_index(
        data_dir, make_analysed(texts), stamp=make_stamp(), encode=FakeEncoder().encode, done=done
    )


Found = list[tuple[int, float]]


def answers(index: SearchIndex, text: str, allowed: RowMask | None = None) -> tuple[Found, Found]:
    """What words and meaning find."""
    vector = FakeEncoder().encode([text])[0]
    return (
        index.words.best(read_word_query(text), limit=30, allowed=allowed),
        index.vectors.nearest(vector, limit=30, allowed=allowed),
    )


def folders(data_dir: Path) -> set[str]:
    return {path.name for path in (data_dir / INDEX_FOLDER).iterdir() if path.is_dir()}


def test_a_saved_index_answers_as_the_one_before(tmp_path: Path) -> None:
    index = index_passages(tmp_path, make_analysed(NEW))
    before = answers(index, "nursery clinic")
    assert [len(side) for side in before] == [3, 3]
    assert answers(open_index(tmp_path), "nursery clinic") == before


def test_rows_follow_ids_and_unknown_ids_have_none(tmp_path: Path) -> None:
    passages = make_analysed(NEW)
    index = index_passages(tmp_path, passages)
    ids = [passage.passage_id for passage in passages]
    assert [index.id_of(row) for row in range(3)] == ids
    assert index.rows_of([ids[2], "p" + "z" * 16, ids[0], "p" + "0" * 16]).tolist() == [
        2,
        -1,
        0,
        -1,
    ]
    assert index.mask_of([ids[1], "p" + "z" * 16]).tolist() == [False, True, False]


def test_the_manifest_says_what_it_was_made_of(tmp_path: Path) -> None:
    index_passages(tmp_path, make_analysed(NEW))
    manifest = read_manifest(tmp_path)
    assert manifest is not None
    assert manifest.passages == 3
    assert manifest.precision == "fp16"
    assert manifest.dimension == DIMENSION
    assert manifest.model_sha256 == FakeEncoder.model_sha256
    assert manifest.tagger_version == "keyword-1"
    assert manifest.created_at.endswith("+00:00")


def test_without_an_index_the_command_that_builds_it_is_named(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None
    with pytest.raises(StaleIndexError, match="throughline analyse"):
        open_index(tmp_path)


@pytest.mark.parametrize("part", ["manifest.json", "ids.npy", "vectors.faiss", "words/meta.json"])
@pytest.mark.parametrize("damage", ["missing", "empty", "nonsense", "cut short"])
def test_a_damaged_part_is_named_as_stale_not_served(
    tmp_path: Path, part: str, damage: str
) -> None:
    index = index_passages(tmp_path, make_analysed(NEW))
    path = tmp_path / INDEX_FOLDER / index.name / part
    whole = path.read_bytes()
    left = {"empty": b"", "nonsense": b"x" * 9, "cut short": whole[:-2]}
    path.unlink() if damage == "missing" else path.write_bytes(left[damage])
    with pytest.raises(StaleIndexError, match="throughline analyse"):
        open_index(tmp_path)


def test_an_edited_file_of_the_right_size_is_found_by_reading(tmp_path: Path) -> None:
    index = index_passages(tmp_path, make_analysed(NEW))
    assert damaged_files(index) == []
    path = index.folder / "vectors.faiss"
    path.write_bytes(path.read_bytes()[:-1] + b"\x7f")
    assert damaged_files(open_index(tmp_path)) == ["vectors.faiss"]


def test_parts_of_two_indexes_are_not_served_together(tmp_path: Path) -> None:
    one = index_passages(tmp_path / "one", make_analysed(OLD))
    other = index_passages(tmp_path / "other", make_analysed(NEW))
    stolen = tmp_path / "other" / INDEX_FOLDER / other.name / "vectors.faiss"
    stolen.replace(tmp_path / "one" / INDEX_FOLDER / one.name / "vectors.faiss")
    with pytest.raises(StaleIndexError, match="broken"):
        open_index(tmp_path / "one")


def test_an_index_of_another_format_is_stale(tmp_path: Path) -> None:
    index = index_passages(tmp_path, make_analysed(OLD))
    path = tmp_path / INDEX_FOLDER / index.name / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format_version": 999}))
    with pytest.raises(StaleIndexError, match="format 999"):
        open_index(tmp_path)
    assert read_manifest(tmp_path) is None


def test_the_previous_index_is_kept_and_older_ones_are_removed(tmp_path: Path) -> None:
    names = []
    for _ in range(3):
        build(tmp_path, OLD)
        names.append(current_name(tmp_path))
    assert len(set(names)) == 3
    assert folders(tmp_path) == set(names[1:])


class StoppedError(Exception):
    """Stands for whatever goes wrong."""


@pytest.mark.parametrize("step", STEPS)
def test_a_failure_at_any_step_leaves_a_whole_index(tmp_path: Path, step: str) -> None:
    build(tmp_path, OLD)
    old = current_name(tmp_path)

    def fail(taken: str) -> None:
        if taken == step:
            raise StoppedError

    with pytest.raises(StoppedError):
        build(tmp_path, NEW, done=fail)
    switched = STEPS.index(step) >= STEPS.index("switched")
    assert (current_name(tmp_path) != old) == switched
    assert len(open_index(tmp_path)) == (3 if switched else 2)
    assert not any(name.startswith("building-") for name in folders(tmp_path))


def _build_and_die(data_dir: Path, step: str) -> None:
    def die(taken: str) -> None:
        if taken == step:
            os._exit(9)

    build(data_dir, NEW, done=die)


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_a_whole_index_stays_and_the_next_build_tidies(
    tmp_path: Path, step: str
) -> None:
    build(tmp_path, OLD)
    spawn = multiprocessing.get_context("spawn")
    process = spawn.Process(target=_build_and_die, args=(tmp_path, step))
    process.start()
    process.join(60)
    assert process.exitcode == 9
    assert len(open_index(tmp_path)) == (3 if step in {"switched", "pruned"} else 2)
    build(tmp_path, NEW)
    assert len(open_index(tmp_path)) == 3
    assert len(folders(tmp_path)) == 2


def test_a_reader_keeps_answering_after_its_folder_was_pruned(tmp_path: Path) -> None:
    index = index_passages(tmp_path, make_analysed(OLD))
    for _ in range(2):
        build(tmp_path, NEW)
    assert index.name not in folders(tmp_path)
    assert [len(side) for side in answers(index, "nursery school")] == [2, 2]
    assert len(index.vectors_of(list(index.iter_ids()))) == 2


def test_passages_out_of_order_are_refused_and_the_old_index_stays(tmp_path: Path) -> None:
    build(tmp_path, OLD)
    for wrong in (make_analysed(NEW)[::-1], make_analysed(NEW) * 2):
        with pytest.raises(InvalidInputError, match="ascending"):
            build_index(tmp_path, wrong, stamp=make_stamp(), encode=FakeEncoder().encode)
    assert len(open_index(tmp_path)) == 2


def test_no_passages_make_an_empty_index(tmp_path: Path) -> None:
    index = index_passages(tmp_path, [])
    assert answers(index, '"nursery rang"') == ([], [])
    assert index.rows_of(["p" + "0" * 16]).tolist() == [-1]


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / INDEX_FOLDER).write_text("a file where the folder should be")
    with pytest.raises(StorageError, match="could not be written"):
        build(tmp_path, OLD)


def test_only_what_no_source_knows_is_encoded() -> None:
    batch = make_analysed(NEW)
    ones, twos = (np.full(DIMENSION, value, dtype=np.float32) for value in (1, 2))
    encoded: list[str] = []

    def encode(texts: object) -> Vectors:
        encoded.extend(list(texts))  # type: ignore[call-overload]  # texts are a sequence here
        return np.zeros((len(encoded), DIMENSION), dtype=np.float32)

    first, second, third = (passage.passage_id for passage in batch)
    found = gather_vectors(
        batch,
        known=[lambda _ids: {second: ones}, lambda ids: {one: twos for one in ids if one == third}],
        encode=encode,
    )
    assert first not in (second, third)
    assert found[:, 0].tolist() == [0, 1, 2]
    assert encoded == [batch[0].text]


def test_the_pointer_holds_one_name(tmp_path: Path) -> None:
    build(tmp_path, OLD)
    text = (tmp_path / INDEX_FOLDER / CURRENT).read_text()
    assert text == f"{current_name(tmp_path)}\n"


MORE = ["nobody rang", "the clinic rang the nursery", "the school wrote", "nobody wrote at all"]


def grow(data_dir: Path, texts: list[str], held: list[str]) -> SearchIndex:
    """Add to an index of ``held`` what ``texts`` holds besides."""
    served = open_index(data_dir)
    known = set(served.iter_ids())
    new = [one for one in make_analysed([*held, *texts]) if one.passage_id not in known]
    grow_index(data_dir, served, new, stamp=make_stamp(), encode=FakeEncoder().encode)
    return open_index(data_dir)


@pytest.mark.parametrize("query", ["nobody rang", '"the clinic" wrote', "school"])
def test_an_index_that_grew_answers_as_one_built_at_once(tmp_path: Path, query: str) -> None:
    base = [f"{text} {number}" for number in range(20) for text in NEW]
    whole = index_passages(tmp_path / "whole", make_analysed(base + MORE))
    before = index_passages(tmp_path / "grown", make_analysed(base))
    written = (before.folder / "vectors.faiss").stat().st_ino
    grow(tmp_path / "grown", MORE[:1], base)
    grown = grow(tmp_path / "grown", MORE[1:], base + MORE[:1])
    assert list(grown.iter_ids()) == list(whole.iter_ids())
    assert (grown.folder / "vectors.faiss").stat().st_ino == written
    assert damaged_files(grown) == []
    rows = np.arange(len(whole), dtype=np.int64)
    assert np.array_equal(grown.vectors.rows(rows), whole.vectors.rows(rows))
    for share in (None, 0.05, 0.5):
        chance = np.random.default_rng(1).random(len(whole))
        allowed = None if share is None else chance < share
        assert answers(grown, query, allowed) == answers(whole, query, allowed)


def test_only_a_few_are_added_before_an_index_is_built_anew(tmp_path: Path) -> None:
    served = index_passages(tmp_path, make_analysed([f"text {n}" for n in range(20)]))
    assert [can_grow(served, new) for new in (0, 1, 4, 5)] == [False, True, True, False]
    grown = grow(tmp_path, ["more"], [f"text {n}" for n in range(20)])
    assert [can_grow(grown, new) for new in (3, 4)] == [True, False]


def test_an_index_that_is_no_longer_served_does_not_grow(tmp_path: Path) -> None:
    served = index_passages(tmp_path, make_analysed(OLD))
    build(tmp_path, NEW)
    with pytest.raises(MovedError):
        grow_index(
            tmp_path,
            served,
            make_analysed([*OLD, "more"])[-1:],
            stamp=make_stamp(),
            encode=FakeEncoder().encode,
        )
    assert len(open_index(tmp_path)) == 3
