"""``throughline export``: whole files under their names, or none."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from portal_world import PortalWorld, make_world
from rdflib import Graph
from rdflib.namespace import SKOS
from shell import Shell


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    make_world(tmp_path / "data")
    return Shell(capsys, str(tmp_path / "data"))


# rdflib's own reader of JSON-LD uses a class that rdflib deprecates.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    ("what", "format_", "rows"),
    [
        ("passages", "csv", 9),
        ("passages", "jsonl", 9),
        ("passages", "parquet", 9),
        ("passages", "ris", 4),
        ("passages", "bibtex", 4),
        ("passages", "webannotation", 9),
        ("passages", "prodigy", 9),
        ("findings", "csv", 7),
        ("reviews", "parquet", 3),
        ("reviews", "ris", 3),
        ("codebook", "csv", 37),
        ("codebook", "skos", 37),
        ("codebook", "skos-jsonld", 37),
        ("codebook", "qdc", 37),
        ("counts", "csv", 3237),
    ],
)
def test_each_thing_in_each_format_is_written_and_read_back(
    shell: Shell, tmp_path: Path, what: str, format_: str, rows: int
) -> None:
    out = tmp_path / "written"
    done = shell.on_data("export", what, "--format", format_, "--out", str(out), "--json")
    assert done.status == 0, done.err
    said = json.loads(done.out)
    assert (said["rows"], said["out"]) == (rows, str(out))
    assert said["snapshot"].startswith("s")
    assert READERS[format_](out) == rows
    assert [path.name for path in tmp_path.iterdir() if path.name != "data"] == ["written"]


READERS: dict[str, Callable[[Path], int]] = {
    "csv": lambda path: (
        len(list(csv.reader(path.read_text("utf-8").splitlines(keepends=True)))) - 1
    ),
    "jsonl": lambda path: len([json.loads(line) for line in path.read_bytes().splitlines()]),
    "parquet": lambda path: int(pq.read_table(path).num_rows),
    "ris": lambda path: len(rispy.loads(path.read_text(encoding="utf-8"))),
    "bibtex": lambda path: len(parse_string(path.read_text("utf-8")).entries),
    "webannotation": lambda path: len(json.loads(path.read_bytes())["first"]["items"]),
    "skos": lambda path: len(list(Graph().parse(path, format="turtle")[: SKOS.broader])),
    "skos-jsonld": lambda path: len(list(Graph().parse(path, format="json-ld")[: SKOS.broader])),
    "qdc": lambda path: path.read_text(encoding="utf-8").count('isCodable="true"'),
}
"""How many records a file has, by a reader of its format."""
READERS["prodigy"] = READERS["jsonl"]


def test_the_filters_are_those_of_search(shell: Shell, world: PortalWorld) -> None:
    done = shell.on_data(
        "export", "passages", "--format", "jsonl", "--out", "-",
        "--theme", "not-passed-on", "--nation", "Wales",
    )  # fmt: skip
    (row,) = [json.loads(line) for line in done.out.splitlines()]
    assert row["passage_id"] == world.digest_2003[0].passage_id
    assert "1 rows of snapshot" in done.err


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("passages", "--format", "skos"), "Its formats: csv, jsonl"),
        (("codebook", "--format", "csv", "--theme", "x"), "--theme does not apply"),
        (("counts", "--format", "csv", "--stance", "failing-found"), "--stance does not apply"),
        (("passages", "--format", "csv", "--stance", "angry"), "--stance"),
        (("passages", "--format", "csv", "--theme", "angry"), "angry"),
        (("passages", "--format", "csv", "--theme", ","), "names nothing"),
        (("passages", "--format", "csv", "--nation", "Narnia"), "'Narnia' is none of"),
        (("counts", "--format", "csv", "--type", "letter"), "'letter' is none of"),
    ],
)
def test_what_cannot_be_exported_is_said_and_leaves_no_file(
    shell: Shell, tmp_path: Path, arguments: tuple[str, ...], named: str
) -> None:
    done = shell.on_data("export", *arguments, "--out", str(tmp_path / "none"))
    assert done.status == 1
    assert named in done.err
    assert not (tmp_path / "none").exists()


def test_a_folder_that_is_not_there_is_named(shell: Shell, tmp_path: Path) -> None:
    out = str(tmp_path / "no" / "file.csv")
    done = shell.on_data("export", "codebook", "--format", "csv", "--out", out)
    assert (done.status, "file.csv" in done.err) == (1, True)


def test_an_older_file_stays_whole_when_a_new_one_fails(shell: Shell, tmp_path: Path) -> None:
    out = tmp_path / "reviews.csv"
    out.write_text("older", encoding="utf-8")
    assert shell.on_data("export", "reviews", "--format", "qdc", "--out", str(out)).status == 1
    assert out.read_text(encoding="utf-8") == "older"
    assert shell.on_data("export", "reviews", "--format", "csv", "--out", str(out)).status == 0
    assert "ann-example-1974" in out.read_text(encoding="utf-8")


def test_reviews_can_be_asked_for_by_their_own_record_or_by_what_they_found(
    shell: Shell,
) -> None:
    def ids(*filters: str) -> list[str]:
        done = shell.on_data("export", "reviews", "--format", "jsonl", "--out", "-", *filters)
        return [json.loads(line)["review_id"] for line in done.out.splitlines()]

    assert ids("--type", "public inquiry") == ["ann-example-1974"]
    assert ids("--from", "2003", "--to", "2003") == ["child-n-2003"]
    assert ids("--stance", "change-proposed") == ["ann-example-1974"]
