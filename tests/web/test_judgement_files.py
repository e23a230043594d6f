import csv
import datetime as dt
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from desk_world import NOW, DeskWorld, make_desk
from samples import make_code, make_judgement
from shell import Shell

from corpus.codings import Doubt, adjudicate, save_doubt
from corpus.errors import InvalidInputError
from corpus.judgement_records import add_records, iter_records
from corpus.model import Code, Level, Stance
from corpus.store import Store
from nlp.codebook import load_codebook
from web.judgement_files import FORMATS, judgement_chunks
from web.judgement_reading import ReadFile, read_judgements_file

LATE = make_code("shared-too-late", Stance.FAILING, level=Level.SYSTEM)


@pytest.fixture
def desk(tmp_path: Path) -> DeskWorld:
    """Two coders who differ, a lead who decides, a coder who is not sure, and no theme once."""
    desk = make_desk(tmp_path / "data")
    desk.draw(size=2, double_share=1)
    first, second = desk.items()
    numbers = [desk.code(first, desk.ana, make_code(), LATE), desk.code(first, desk.ben)]
    (passage,) = desk.store.get_passages([first.passage_id])
    decided = make_judgement(passage, LATE, coder="Lee")
    adjudicate(desk.store, decided, numbers)
    doubt = Doubt(
        passage_id=second.passage_id,
        coder="Ana",
        doubted_at=NOW,
        codebook_version="0.1.0+test",
        note='=HYPERLINK("https://example.invalid")\n"quoted", a comma, \u2028, \x85, \r and 😀',
    )
    save_doubt(desk.store, doubt, token="a-doubt", item_id=second.item_id)
    return desk


def read(store: Store, text: str, format_: str) -> ReadFile:
    def machine(passage_id: str) -> frozenset[Code]:
        found = store.machine_findings([passage_id])
        return frozenset(each.code for of in found.values() for each in of)

    return read_judgements_file(
        text,
        format_,  # type: ignore[arg-type]  # one of FORMATS
        codebook=load_codebook(),
        machine=machine,
        now=NOW,
    )


def everything(store: Store) -> list[str]:
    return sorted(map(repr, iter_records(store)))


@pytest.mark.parametrize("format_", FORMATS)
def test_what_is_written_is_taken_in_elsewhere_whole_and_once(
    desk: DeskWorld, tmp_path: Path, format_: str
) -> None:
    text = b"".join(judgement_chunks(desk.store, format_)).decode()  # type: ignore[arg-type]
    other = make_desk(tmp_path / "other").store
    found = read(other, text, format_)
    assert found.problems == ()
    records = [line.record for line in found.lines]
    assert add_records(other, records, dry_run=True).added == 4
    assert everything(other) == []
    assert (add_records(other, records).added, add_records(other, records).held) == (4, 4)
    assert everything(other) == everything(desk.store)
    # Where it came from, it is all held already.
    assert add_records(desk.store, records).added == 0


@pytest.mark.parametrize("note", ["'=1+1", "''@x", "' -1", "'quoted' words", "it’s", "  =1+1"])
def test_a_note_is_the_same_after_csv_whatever_it_begins_with(desk: DeskWorld, note: str) -> None:
    first, _ = desk.items()
    (passage,) = desk.store.get_passages([first.passage_id])
    desk.store.add_judgement(replace(make_judgement(passage, coder="Zed"), note=note))
    text = b"".join(judgement_chunks(desk.store, "csv")).decode()
    found = read(desk.store, text, "csv")
    (record,) = [line.record for line in found.lines if "'Zed'" in repr(line.record)]
    assert f"note={note!r}" in repr(record)


def test_no_cell_of_the_csv_can_act_as_a_formula(desk: DeskWorld) -> None:
    text = b"".join(judgement_chunks(desk.store, "csv")).decode()
    assert "\"'=HYPERLINK" in text


def task(passage_id: str, answer: str, *labels: str, **more: object) -> str:
    spans = [{"start": 0, "end": 3, "label": label} for label in labels]
    meta = {"passage_id": passage_id}
    record = {"text": "…", "spans": spans, "meta": meta, "answer": answer, **more}
    return json.dumps({"_annotator_id": "cleo", "_timestamp": 1_780_000_000} | record)


FAILING = "not-shared-between-agencies|failing-found|case|own-voice"


def test_tasks_of_prodigys_are_accepted_rejected_and_ignored(desk: DeskWorld) -> None:
    with_find = desk.passages[2].passage_id  # the machine finds one failing there
    without = desk.passages[0].passage_id
    text = "\n".join(
        [
            task(without, "accept", FAILING),
            task(without, "accept"),
            task(with_find, "reject", FAILING),
            task(without, "ignore"),
            task(without, "reject", FAILING),
        ]
    )
    found = read(desk.store, text, "prodigy")
    accepted, none, rejected, ignored = (line.record for line in found.lines)
    assert accepted.judgement.codes == (make_code(),)
    assert accepted.judgement.coder == "cleo"
    assert accepted.judgement.judged_at == dt.datetime.fromtimestamp(1_780_000_000, tz=dt.UTC)
    assert none.judgement.codes == rejected.judgement.codes == ()
    assert ignored.unsure
    ((line, reason),) = found.problems
    assert line == 5
    assert "does not say what holds instead" in reason


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("not json", "not JSON"),
        ("[1]", "not a JSON object"),
        ('{"coder": "a", "codes": []}', "'passage_id' is lacking"),
        ('{"passage_id": "p1", "coder": "a", "codes": []}', "is not a passage id"),
        ('{"passage_id": "p0000000000000000", "codes": []}', "'coder' is lacking"),
        ('{"passage_id": "p0000000000000000", "coder": "a"}', "'codes' should be a list"),
        (
            '{"passage_id": "p0000000000000000", "coder": "a", "codes": [{"theme": "timing"}]}',
            "no theme that can be assigned",
        ),
        (
            '{"passage_id": "p0000000000000000", "coder": "a", "codes": [], "judged_at": "soon"}',
            "no ISO 8601 time",
        ),
        (
            (
                '{"passage_id": "p0000000000000000", "coder": "a", "codes": [], '
                '"judged_at": "0001-01-01T00:00+14:00"}'
            ),
            "no ISO 8601 time",
        ),
        (
            '{"passage_id": "p0000000000000000", "coder": "a", "codes": [], "note": "\\ud800"}',
            "lone surrogate",
        ),
        (
            '{"passage_id": "p0000000000000000", "coder": "a", "codes": [], "note": ["a"]}',
            "'note' should be a text",
        ),
        pytest.param("[" * 100_000, "not JSON", id="nested"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_its_reason(
    desk: DeskWorld, line: str, reason: str
) -> None:
    found = read(desk.store, f"\n{line}\n", "jsonl")
    ((number, sentence),) = found.problems
    assert number == 2
    assert reason in sentence


def test_a_csv_that_breaks_off_is_refused_whole(desk: DeskWorld) -> None:
    text = "passage_id,coder,theme\np0000000000000000,a,\np0000000000000000,b," + "x" * 200_000
    # The limit is the whole process's, and whoever reads exported files raises it.
    before = csv.field_size_limit(131_072)
    try:
        with pytest.raises(InvalidInputError, match="Line 3 cannot be read as CSV"):
            read(desk.store, text, "csv")
    finally:
        csv.field_size_limit(before)


def test_a_record_without_a_time_is_taken_in_once(desk: DeskWorld) -> None:
    line = json.dumps({"passage_id": desk.passages[4].passage_id, "coder": "cleo", "codes": []})
    for number in range(2):
        later = NOW + dt.timedelta(days=number)
        found = read_judgements_file(
            line, "jsonl", codebook=load_codebook(), machine=lambda _: frozenset(), now=later
        )
        taken = add_records(desk.store, [each.record for each in found.lines])
        assert (taken.added, taken.held) == ((1, 0), (0, 1))[number]


@pytest.mark.usefixtures("desk")
def test_the_command_names_what_it_left_out_and_keeps_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shell = Shell(capsys, str(tmp_path / "data"))
    out = tmp_path / "judgements.jsonl"
    assert shell.on_data("judgements", "export", "--format", "jsonl", "--out", str(out)).status == 0
    lines = out.read_text().removesuffix("\n").split("\n")
    unknown = json.dumps(json.loads(lines[0]) | {"passage_id": "p" + "0" * 16})
    out.write_text("\n".join([*lines, "{", unknown]))
    done = shell.on_data("judgements", "import", str(out), "--json")
    report = json.loads(done.out)
    assert done.status == 1
    assert (report["added"], report["held"]) == (0, 4)
    assert (report["bad_lines"], report["unknown_passages"]) == (1, 1)
    assert [each["line"] for each in report["left_out"]] == [5, 6]
    assert Path(report["left_out_file"]).read_text() == f"{{\n{unknown}\n"


def test_accounts_are_added_from_standard_input_and_listed_without_secrets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = Shell(capsys, str(tmp_path / "data"))
    monkeypatch.setattr("sys.stdin", io.StringIO("a sentence that nobody guesses\n"))
    assert shell.on_data("coder", "add", "Ana", "--role", "lead").status == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    refused = shell.on_data("coder", "add", "Ben", "--role", "coder")
    assert (refused.status, "12 to 256 characters" in refused.err) == (1, True)
    assert shell.on_data("coder", "disable", "ana").status == 0
    (row,) = json.loads(shell.on_data("coder", "list", "--json").out)
    assert row.keys() == {"name", "role", "created_at", "disabled_at"}
    assert row["disabled_at"] is not None
    assert shell.on_data("coder", "password", "Nobody").status == 1
