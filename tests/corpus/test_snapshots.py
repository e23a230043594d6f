import csv
import datetime as dt
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from published import PUBLISHED_AT, make_facts, publish_store
from samples import make_code, make_document, make_finding, make_judgement, make_review

from corpus import tables as t
from corpus.count_table import CountQuestion
from corpus.counts import count_reviews
from corpus.dates import PartialDate
from corpus.errors import StorageError
from corpus.export_files import read_parquet_rows
from corpus.ids import ReviewId
from corpus.model import Attribution, Kind, LicenceTier
from corpus.snapshots.create import copy_package
from corpus.snapshots.layers import count_figures, read_layers
from corpus.snapshots.manifest import row_cells, row_sha256, write_sums
from corpus.snapshots.shelf import SHELF, HeldSnapshot, SnapshotNotHeldError, find_held, list_held
from corpus.snapshots.tables import TABLES
from corpus.snapshots.verify import verify_package
from corpus.snapshots.withdrawal import withdraw_from_snapshots
from corpus.store import Store, open_store

LONG = " ".join(f"word{number}" for number in range(80))
FORMULA = '=HYPERLINK("https://example.invalid/")'


def add_report(store: Store) -> None:
    store.add_review(make_review("report-2013", "2013-05"))
    document, passages = make_document(
        (LONG, FORMULA, "Third, with “quotes”, a comma,\nand a second line."),
        identity="file:report-2013",
        review_id=ReviewId("report-2013"),
        publisher="An Invented Partnership",
        licence_tier=LicenceTier.OWNER,
        published=PartialDate.parse("2013-05"),
    )
    store.add_document(document, passages)
    store.put_findings(
        {
            passages[0].passage_id: [make_finding(passages[0], score=0.87654321)],
            passages[1].passage_id: [make_finding(passages[1], make_code("siloed-decisions"))],
            passages[2].passage_id: [],
        },
        tagger_version="t1",
    )
    store.add_judgement(make_judgement(passages[1]))
    store.add_judgement(make_judgement(passages[1], make_code(), coder="coder-b"))


def add_digest(store: Store) -> None:
    store.add_review(
        make_review(
            "child-n-2003",
            "2003",
            case_names=("Hidden Name",),
            identity_link="national press; the publisher kept the child anonymous",
        )
    )
    document, passages = make_document(
        ("Nobody told the hospital.",),
        identity="catalogue:child-n-2003",
        kind=Kind.DIGEST,
        review_id=ReviewId("child-n-2003"),
        published=PartialDate.parse("2003"),
    )
    store.add_document(document, passages)
    code = make_code(attribution=Attribution.REPORTED)
    store.put_findings({passages[0].passage_id: []}, tagger_version="t1")
    store.add_judgement(make_judgement(passages[0], code, coder="catalogue"))


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def full(data_dir: Path) -> Store:
    store = open_store(data_dir)
    add_report(store)
    add_digest(store)
    return store


@pytest.fixture
def held(full: Store, data_dir: Path) -> HeldSnapshot:
    return publish_store(full, data_dir)


def rows_of(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def document_of(folder: Path, review_id: str) -> str:
    (one,) = [row for row in rows_of(folder, "documents") if row["review_id"] == review_id]
    return one["document_id"]


def withdraw(data_dir: Path, *document_ids: str) -> tuple[str, ...]:
    return withdraw_from_snapshots(
        data_dir,
        document_ids,
        reason="Asked by its publisher.",
        at=PUBLISHED_AT,
        purge_index=lambda _store, _folder: None,
    )


# -- the id -----------------------------------------------------------------------


def test_the_id_is_the_hash_of_the_manifest(held: HeldSnapshot) -> None:
    manifest = (held.package / "manifest.json").read_bytes()
    assert hashlib.sha256(manifest).hexdigest() == held.manifest.sha256
    assert find_held(held.folder.parent.parent, held.manifest.sha256).name == held.name


def test_order_of_adding_clock_and_machine_do_not_move_the_id(tmp_path: Path) -> None:
    ids = []
    for number, steps in enumerate([(add_report, add_digest), (add_digest, add_report)]):
        store = open_store(tmp_path / str(number))
        for step in steps:
            step(store)
        held = publish_store(
            store,
            tmp_path / str(number),
            created_at=dt.datetime(2026 + number, 1, 1, tzinfo=dt.UTC),
            contact=f"{number}@example.org",
            tool_version=str(number),
        )
        ids.append((held.name, held.manifest.sha256))
    assert ids[0] == ids[1]


_PRINT_ID = """
import sys
from pathlib import Path
from test_snapshots import add_digest, add_report
from published import publish_store
from corpus.store import open_store
folder = Path(sys.argv[1])
store = open_store(folder)
add_report(store)
add_digest(store)
print(publish_store(store, folder).manifest.sha256)
"""


def test_the_seed_of_pythons_hashes_does_not_move_the_id(tmp_path: Path) -> None:
    here = Path(__file__).parent
    path = f"{here}:{here.parent / 'support'}:{here.parent.parent}"
    ids = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", _PRINT_ID, str(tmp_path / seed)],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=True,
        )
        ids.add(done.stdout)
    assert len(ids) == 1


def test_a_new_judgement_makes_another_snapshot(
    held: HeldSnapshot, full: Store, data_dir: Path
) -> None:
    full.add_judgement(make_judgement(next(full.iter_passages()), make_code()))
    other = publish_store(full, data_dir)
    assert (other.name, other.manifest.sha256) != (held.name, held.manifest.sha256)
    assert {each.name for each in list_held(data_dir)} == {held.name, other.name}


def test_publishing_the_same_again_changes_nothing(
    held: HeldSnapshot, full: Store, data_dir: Path
) -> None:
    before = {path: path.stat().st_mtime_ns for path in held.folder.rglob("*") if path.is_file()}
    again = publish_store(full, data_dir, created_at=dt.datetime(2030, 1, 1, tzinfo=dt.UTC))
    assert again.name == held.name
    assert {path: path.stat().st_mtime_ns for path in before} == before


# -- what is in it -----------------------------------------------------------------


def test_csv_and_parquet_are_twins(held: HeldSnapshot) -> None:
    for table in TABLES:
        with (held.package / f"{table.name}.csv").open(encoding="utf-8", newline="") as file:
            lines = list(csv.reader(file))
        rows = list(read_parquet_rows(held.package / f"{table.name}.parquet"))
        assert lines[0] == [column.name for column in table.columns]
        assert lines[1:] == [row_cells(row) for row in rows]


def test_texts_are_cut_to_their_licence_with_hash_and_offsets_of_the_whole(
    held: HeldSnapshot, full: Store
) -> None:
    texts = {passage.passage_id: passage for passage in full.iter_passages()}
    for row in rows_of(held.package, "passages"):
        whole = texts[row["passage_id"]]  # type: ignore[index]  # an id is a str
        assert row["text_sha256"] == hashlib.sha256(whole.text.encode()).hexdigest()
        assert (int(row["start_char"]), int(row["end_char"])) == (whole.start_char, whole.end_char)
    cut = [row["text"] for row in rows_of(held.package, "passages") if row["text_cut"] == "true"]
    assert [len(text.split()) for text in cut] == [50]


def test_no_cell_of_the_csv_acts_as_a_formula_and_parquet_has_it_unchanged(
    held: HeldSnapshot,
) -> None:
    assert f"'{FORMULA}" in {row["text"] for row in rows_of(held.package, "passages")}
    texts = {row[9] for row in read_parquet_rows(held.package / "passages.parquet")}
    assert FORMULA in texts


def test_a_name_that_its_publisher_withheld_is_in_no_file(held: HeldSnapshot) -> None:
    for path in held.package.iterdir():
        assert b"Hidden Name" not in path.read_bytes(), path.name


def test_judgements_keep_their_order_and_the_newest_stands(held: HeldSnapshot) -> None:
    twice = [row for row in rows_of(held.package, "judgements") if row["coder"] != "catalogue"]
    assert [(r["judgement"], r["standing"], r["theme"]) for r in twice] == [
        ("1", "false", ""),
        ("2", "true", "not-shared-between-agencies"),
    ]
    standing = {r["theme"]: r["standing"] for r in rows_of(held.package, "findings")}
    assert standing == {"not-shared-between-agencies": "true", "siloed-decisions": "false"}


def test_figures_are_those_of_the_counts(held: HeldSnapshot, full: Store) -> None:
    groups = make_facts().groups
    table = count_reviews(full, [each.group for each in groups], CountQuestion())
    figures = count_figures(read_layers(full), groups)
    for row in table.rows:
        assert figures[row.group.key].machine == row.either.machine.n
        assert figures[row.group.key].human_checked == row.either.human.n
    assert [row["standing"] for row in rows_of(held.package, "figures")] == ["2", "2", "0"]


def test_the_copy_answers_and_holds_nobodys_address(data_dir: Path, full: Store) -> None:
    with full.writing(content=False) as connection:
        connection.execute(
            t.absences.insert().values(
                sha256="0" * 64, crawl_id=1, times=1, first_at=PUBLISHED_AT, last_at=PUBLISHED_AT
            )
        )
    copy = open_store(publish_store(full, data_dir).copy)
    assert copy.count_rows() == full.count_rows()
    assert copy.revision == full.revision
    with copy.reading() as connection:
        for table in (t.absences, t.subscriptions, t.quarantine, t.fetches):
            assert connection.execute(table.select()).first() is None


# -- descriptions --------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_frictionless_finds_the_package_valid_and_a_broken_one_not(held: HeldSnapshot) -> None:
    from frictionless import Package

    path = held.package / "datapackage.json"
    report = Package(str(path)).validate()
    assert report.valid, report.flatten(["type", "note"])
    assert len(report.tasks) == len(TABLES) + 1
    # The check can fail: a finding without its passage.
    passages = held.package / "passages.csv"
    lines = passages.read_bytes().split(b"\r\n")
    passages.write_bytes(b"\r\n".join([lines[0], *lines[-2:]]))
    assert not Package(str(path)).validate().valid


def test_card_and_citation_can_be_read_by_machines(held: HeldSnapshot) -> None:
    import yaml  # type: ignore[import-untyped]

    card = (held.package / "README.md").read_text(encoding="utf-8")
    header = yaml.safe_load(card.split("---")[1])
    assert header["language"] == ["en"]
    assert header["size_categories"] == ["n<1K"]
    files = {config["data_files"] for config in header["configs"]}
    assert all((held.package / name).is_file() for name in files)
    assert "corrections@example.org" in card
    assert "| 2010s | 1 | 1 |" in card
    assert "| An Invented Partnership | B | 1 |" in card
    cited = yaml.safe_load((held.package / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["version"] == held.name
    assert held.manifest.sha256 in cited["identifiers"][0]["value"]


def test_the_ro_crate_opens_and_names_every_table(held: HeldSnapshot) -> None:
    from rocrate.rocrate import ROCrate

    crate = ROCrate(str(held.package))
    names = {entity.id for entity in crate.data_entities}
    assert {f"{table.name}.parquet" for table in TABLES} <= names
    assert all((held.package / name).is_file() for name in names)
    assert crate.root_dataset["identifier"] == f"sha256:{held.manifest.sha256}"


# -- checking ------------------------------------------------------------------------


def alter_text(folder: Path) -> None:
    path = folder / "passages.csv"
    path.write_bytes(path.read_bytes().replace(b"word7", b"word8", 1))


def alter_parquet(folder: Path) -> None:
    shutil.copy(folder / "reviews.parquet", folder / "passages.parquet")


def alter_schema(folder: Path) -> None:
    path = folder / "datapackage.json"
    path.write_text(path.read_text().replace("Permanent", "Passing", 1))


def alter_card(folder: Path) -> None:
    (folder / "README.md").write_text("Nothing is missing.")


def remove_file(folder: Path) -> None:
    (folder / "findings.parquet").unlink()


def add_file(folder: Path) -> None:
    (folder / "extra.csv").write_text("a\r\n1\r\n")


@pytest.mark.parametrize(
    ("alter", "named"),
    [
        (alter_text, "passages.csv"),
        (alter_parquet, "passages.parquet"),
        (alter_schema, "datapackage.json"),
        (alter_card, "README.md"),
        (remove_file, "findings.parquet"),
        (add_file, "extra.csv"),
    ],
)
def test_whatever_differs_is_named(
    held: HeldSnapshot, alter: Callable[[Path], None], named: str
) -> None:
    assert verify_package(held.package, expected=held.name).ok
    alter(held.package)
    faults = verify_package(held.package, expected=held.name).faults
    assert {fault.split(":")[0] for fault in faults} == {named}


def test_a_row_altered_with_its_sum_is_still_found(held: HeldSnapshot) -> None:
    sums = held.package / "SHA256SUMS"
    before = hashlib.sha256((held.package / "passages.csv").read_bytes()).hexdigest()
    alter_text(held.package)
    after = hashlib.sha256((held.package / "passages.csv").read_bytes()).hexdigest()
    sums.write_text(sums.read_text().replace(before, after))
    faults = verify_package(held.package).faults
    assert faults == ("passages.csv: its rows are not those that manifest.json says.",)


def test_a_manifest_altered_with_its_rows_has_another_id(held: HeldSnapshot) -> None:
    sealed = held.manifest.sha256
    path = held.package / "manifest.json"
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_text(path.read_text().replace('"t1"', '"t2"'))
    sums = held.package / "SHA256SUMS"
    after = hashlib.sha256(path.read_bytes()).hexdigest()
    sums.write_text(sums.read_text().replace(before, after))
    (fault,) = verify_package(held.package, expected=sealed).faults
    assert fault.startswith("manifest.json: it is of")


# -- whole or not at all -----------------------------------------------------------


def test_a_failure_leaves_nothing_half_made(
    full: Store, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("corpus.snapshots.create.write_sums", fail)
        with pytest.raises(StorageError, match="No space left"):
            publish_store(full, data_dir)
    assert [path.name for path in (data_dir / SHELF).iterdir()] == [".lock"]
    # What a killed run leaves is no snapshot, and is cleared away by the next.
    (data_dir / SHELF / ".making-killed").mkdir()
    assert list_held(data_dir) == []
    held = publish_store(full, data_dir)
    assert verify_package(held.package).ok
    assert not (data_dir / SHELF / ".making-killed").exists()


def test_a_copy_of_the_files_verifies_anywhere(held: HeldSnapshot, tmp_path: Path) -> None:
    folder = copy_package(held, tmp_path / "out")
    assert folder.name == f"throughline-{held.name}"
    assert verify_package(folder, expected=held.name).ok


@pytest.mark.parametrize("name", ["s0000000000000000", "../data", "", "s" * 90, "\0"])
def test_a_name_that_is_not_held_says_what_is(held: HeldSnapshot, name: str) -> None:
    with pytest.raises(SnapshotNotHeldError, match=held.name):
        find_held(held.folder.parent.parent, name)


# -- withdrawal ------------------------------------------------------------------------


def test_a_withdrawn_text_leaves_files_and_copy_and_the_manifest_still_verifies(
    held: HeldSnapshot, data_dir: Path
) -> None:
    sealed = held.manifest.sha256
    document_id = document_of(held.package, "report-2013")
    assert withdraw(data_dir, document_id) == (held.name,)
    after = find_held(data_dir, held.name)
    verdict = verify_package(after.package, expected=held.name)
    assert verdict.ok, verdict.faults
    assert verdict.manifest_sha256 == sealed
    assert (verdict.redacted_documents, verdict.redacted_rows) == (1, 8)
    for path in held.folder.rglob("*"):
        assert not path.is_file() or b"word7 " not in path.read_bytes(), path
    (stone,) = after.redactions.documents
    assert (stone.document_id, stone.reason) == (document_id, "Asked by its publisher.")
    assert len(rows_of(after.package, "passages")) == 1
    assert len(rows_of(after.package, "reviews")) == 2


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("review_ids", [("report-2013",), ("report-2013", "child-n-2003")])
def test_frictionless_finds_a_redacted_package_valid(
    held: HeldSnapshot, data_dir: Path, review_ids: tuple[str, ...]
) -> None:
    from frictionless import Package

    before = (held.package / "datapackage.json").read_bytes()
    withdraw(data_dir, *(document_of(held.package, one) for one in review_ids))
    package = find_held(data_dir, held.name).package
    path = package / "datapackage.json"
    assert path.read_bytes() != before
    report = Package(str(path)).validate()
    assert report.valid, report.flatten(["type", "note"])
    assert verify_package(package, expected=held.name).ok


def test_a_schema_altered_after_a_withdrawal_is_still_found(
    held: HeldSnapshot, data_dir: Path
) -> None:
    withdraw(data_dir, document_of(held.package, "report-2013"))
    package = find_held(data_dir, held.name).package
    alter_schema(package)
    write_sums(package)
    said = "datapackage.json: its bytes are not those that manifest.json says."
    assert verify_package(package).faults == (said,)


def test_withdrawing_again_does_nothing_and_another_document_goes_too(
    held: HeldSnapshot, data_dir: Path
) -> None:
    first = document_of(held.package, "report-2013")
    second = document_of(held.package, "child-n-2003")
    withdraw(data_dir, first)
    assert withdraw(data_dir, first) == ()
    assert withdraw(data_dir, first, second) == (held.name,)
    after = find_held(data_dir, held.name)
    assert verify_package(after.package, expected=held.name).ok
    assert [one.document_id for one in after.redactions.documents] == [first, second]
    assert rows_of(after.package, "passages") == []


def test_a_withdrawal_that_was_killed_is_finished_by_the_next(
    held: HeldSnapshot, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document_id = document_of(held.package, "report-2013")
    with monkeypatch.context() as patched:
        patched.setattr("corpus.snapshots.withdrawal.scrub", _killed)
        with pytest.raises(KeyboardInterrupt):
            withdraw(data_dir, document_id)
    assert verify_package(find_held(data_dir, held.name).package).ok
    assert withdraw(data_dir, document_id) == (held.name,)
    assert b"word7 " not in (held.copy / "throughline.db").read_bytes()


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_redactions_cannot_hide_a_row_that_was_altered(held: HeldSnapshot, data_dir: Path) -> None:
    withdraw(data_dir, document_of(held.package, "report-2013"))
    package = find_held(data_dir, held.name).package
    path = package / "redactions.json"
    values = json.loads(path.read_text())
    values["rows"]["passages"][0][1] = row_sha256(["something", "else"]).hex()
    path.write_text(json.dumps(values))
    faults = verify_package(package).faults
    assert {fault.split(":")[0] for fault in faults} == {
        "redactions.json",
        "passages.csv",
        "passages.parquet",
    }
