"""The annual report over the shipped catalogue: one number everywhere, each to its passages."""

import csv
import datetime as dt
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from docx import Document as read_docx
from openpyxl import load_workbook
from report_world import (
    FORMULA,
    HIDDEN,
    SITE,
    add_report,
    add_reports,
    catalogue_store,
    library_of,
    publish_world,
)
from samples import make_judgement

from corpus.ids import PassageId
from corpus.model import Finding
from nlp.codebook import build_codebook, read_codebook_files
from nlp.measured import load_measured
from web.app import create_app
from web.cli import cli
from web.comparing import compared_figures
from web.report.docx import word_document
from web.report.gather import gather, settled
from web.report.html import html_file
from web.report.model import AnnualReport

YEAR = 2022
DAY = dt.date(2026, 11, 1)
MAIN = "from web.cli import main; main()"
COUNTED = ("n", "share", "ci_low", "ci_high", "children", "children_stated", "digest_only")


@dataclass(frozen=True)
class Reported:
    """A published world with the report that was written of it."""

    data_dir: Path
    snapshot: str
    folder: Path

    def bytes_of(self, form: str) -> bytes:
        return (self.folder / f"annual-report-{YEAR}.{form}").read_bytes()

    def csv_rows(self, name: str) -> list[dict[str, str]]:
        text = (self.folder / "csv" / f"{name}.csv").read_bytes().decode()
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text of every file, unpacked."""
        for path in sorted(self.folder.rglob("*")):
            if path.suffix in {".xlsx", ".docx"}:
                with zipfile.ZipFile(path) as archive:
                    for name in archive.namelist():
                        yield f"{path.name}/{name}", archive.read(name).decode(errors="replace")
            elif path.is_file():
                yield path.name, path.read_text(encoding="utf-8")


def run(data_dir: Path, *arguments: str) -> Result:
    environ = {"THROUGHLINE_PUBLIC_URL": SITE}
    return CliRunner().invoke(cli, [*arguments, "--data-dir", str(data_dir)], env=environ)


def write(data_dir: Path, out: Path, *arguments: str, year: int = YEAR) -> Path:
    done = run(data_dir, "report", "--year", str(year), "--out", str(out), *arguments)
    assert done.exit_code == 0, (done.output, done.exception)
    return out


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Reported:
    folder = tmp_path_factory.mktemp("report")
    data_dir = folder / "data"
    store = catalogue_store(data_dir)
    add_reports(store)
    snapshot = publish_world(data_dir, store)
    out = write(data_dir, folder / "out", "--snapshot", snapshot, "--dated", "2026-11-01")
    return Reported(data_dir, snapshot, out)


def test_each_figure_is_that_of_the_counts_command(reported: Reported) -> None:
    rows = {(row["theme"], row["level"]): row for row in reported.csv_rows("themes")}
    compared = 0
    for by in ("top-theme", "theme"):
        done = run(
            reported.data_dir,
            "counts",
            "--from",
            str(YEAR),
            "--to",
            str(YEAR),
            "--by",
            by,
            "--json",
        )
        data = json.loads(done.stdout)
        counted = [data["total"], *data["rows"], *filter(None, [data["counter_theme"]])]
        for row in counted:
            for cell in row["cells"]:
                mine = rows[row["theme"], cell["level"]]
                for who, figure in (("machine", "machine"), ("human", "human_checked")):
                    theirs = cell[figure]
                    assert mine[f"{who}_n"] == str(theirs["n"])
                    assert mine[f"{who}_of"] == str(theirs["denominator"])
                    assert mine[f"{who}_share"] == _text(theirs["estimate"])
                    assert mine[f"{who}_ci_high"] == _text(theirs["ci_high"])
                    assert mine[f"{who}_children"] == str(theirs["n_children"])
                corrected = cell["corrected"]
                assert mine["corrected_share"] == _text(corrected["estimate"])
                refused = corrected["refused"]
                assert mine["corrected_refused"] == (refused["reason"] if refused else "")
                compared += 1
    assert compared > len(rows)  # the total stands in both tables
    assert sum(int(row["machine_n"]) for row in rows.values()) > 20


def _text(number: float | None) -> str:
    return "" if number is None else repr(number)


class Walk:
    """A workbook, read so that a figure can be followed."""

    def __init__(self, data: bytes) -> None:
        self.book: Any = load_workbook(io.BytesIO(data))
        self.reviews = {row["review_id"]: row for row in self.rows("reviews")}
        self.behind: dict[str, list[dict[str, Any]]] = {}
        for row in self.rows("passages"):
            self.behind.setdefault(row["reference"], []).append(row)

    def rows(self, sheet: str) -> list[dict[str, Any]]:
        lines = self.book[sheet].iter_rows(values_only=True)
        names = next(lines)
        return [dict(zip(names, line, strict=True)) for line in lines]

    def cells(self, sheet: str) -> Iterator[dict[str, Any]]:
        lines = self.book[sheet].iter_rows()
        names = [cell.value for cell in next(lines)]
        for line in lines:
            yield dict(zip(names, line, strict=True))

    def counted(self, reference: str) -> set[str]:
        return {row["review_id"] for row in self.behind.get(reference, ())}

    def leads_to(self, cell: Any) -> str | None:
        """The reference of the row of the sheet of passages that a cell leads to."""
        if cell.hyperlink is None:
            return None
        sheet, place = re.fullmatch(r"'(\w+)'!A(\d+)", cell.hyperlink.location).groups()  # type: ignore[union-attr]
        value = self.book[sheet].cell(int(place), 1).value
        return str(value) if sheet == "passages" else sheet


@pytest.fixture(scope="module")
def walk(reported: Reported) -> Walk:
    return Walk(reported.bytes_of("xlsx"))


@pytest.fixture(scope="module")
def report(reported: Reported) -> AnnualReport:
    return gather(settled(library_of(reported.data_dir), reported.snapshot), YEAR, site=SITE)


def test_every_figure_of_the_workbook_recounts_from_its_passages(walk: Walk) -> None:
    walked = 0
    for sheet in ("themes", "years", "period", "crosswalk"):
        for row in walk.cells(sheet):
            for who in ("machine", "human"):
                reference = row[f"{who}_reference"].value
                if reference is None:  # a heading with nothing of ours to compare
                    continue
                found = walk.counted(reference)
                lines = [walk.reviews[one] for one in found]
                of = row[f"{who}_of"].value
                assert row[f"{who}_n"].value == len(found)
                assert row[f"{who}_children"].value == sum(one["children"] or 0 for one in lines)
                assert row[f"{who}_children_stated"].value == sum(
                    one["children"] is not None for one in lines
                )
                assert row[f"{who}_digest_only"].value == sum(
                    one["held_as"] == "digest" for one in lines
                )
                if of:
                    assert row[f"{who}_share"].value == pytest.approx(len(found) / of, abs=1e-6)
                wanted = reference if found else None
                named = [row[f"{who}_{name}"] for name in COUNTED]
                assert {walk.leads_to(one) for one in named if one.value is not None} == {wanted}
                walked += 1
    assert walked > 600
    for row in walk.cells("recommended"):
        for name in ("proposed", "praised"):
            found = walk.counted(row[f"{name}_reference"].value)
            assert row[f"{name}_n"].value == len(found)
            walked += bool(found)
    for row in walk.cells("agreement"):
        machine, people = (
            walk.counted(row[f"{who}_reference"].value) for who in ("machine", "human")
        )
        both = {
            key
            for key, one in walk.reviews.items()
            if one["checked"] == one["machine_read"] == "yes"
        }
        assert row["found_by_both"].value == len(machine & people & both)
        assert row["by_machine_alone"].value == len((machine - people) & both)
        assert row["by_people_alone"].value == len((people - machine) & both)
        assert row["reviews"].value == len(both)


def test_every_denominator_recounts_from_the_reviews(walk: Walk) -> None:
    for sheet in ("themes", "years", "period"):
        for row in walk.cells(sheet):
            first, _, last = str(row["scope"].value).partition("-")
            inside = [
                one
                for one in walk.reviews.values()
                if int(first) <= one["year"] <= int(last or first)
            ]
            assert row["reviews_held"].value == len(inside)
            assert row["machine_of"].value == sum(one["machine_read"] == "yes" for one in inside)
            assert row["human_of"].value == sum(one["checked"] == "yes" for one in inside)
            assert walk.leads_to(row["reviews_held"]) == "reviews"


def test_sheets_can_be_printed_and_read(walk: Walk) -> None:
    about = walk.book["about"]
    for line in about.iter_rows(max_col=2):
        words = str(line[1].value)
        assert about.row_dimensions[line[0].row].height >= 15 * -(-len(words) // 110)
    assert walk.book.sheetnames[1:] == [each.value for each in about["A"] if each.hyperlink]
    wide = walk.book["themes"]
    assert wide.page_setup.fitToWidth > 1
    assert wide.print_title_cols == "$A:$C"
    named = {cell.font.name for sheet in walk.book for row in sheet.iter_rows() for cell in row}
    assert named == {"Calibri"}


def test_tables_say_the_same_as_the_workbook_and_explain_every_column(
    reported: Reported, walk: Walk
) -> None:
    explained = {(row["table"], row["column"]) for row in reported.csv_rows("dictionary")}
    package = json.loads((reported.folder / "csv" / "datapackage.json").read_bytes())
    assert "Rapid reviews are not published" in package["description"]
    for resource in package["resources"]:
        rows = reported.csv_rows(resource["name"])
        fields = [each["name"] for each in resource["schema"]["fields"]]
        assert resource["rows"] == len(rows) == len(walk.rows(resource["name"]))
        if resource["name"] != "dictionary":
            assert {(resource["name"], name) for name in fields} <= explained
        for mine, theirs in zip(rows, walk.rows(resource["name"]), strict=True):
            assert list(mine) == fields == list(theirs)
            for name, value in theirs.items():
                if isinstance(value, int | float):
                    assert float(mine[name]) == value


def test_word_has_the_same_figures_in_real_tables(reported: Reported, walk: Walk) -> None:
    document = read_docx(io.BytesIO(reported.bytes_of("docx")))
    either = {row["label"]: row for row in walk.rows("themes") if row["level"] == "either"}
    for table in document.tables:
        made: Any = table._tbl
        assert made.tr_lst[0].trPr.xpath("w:tblHeader")
        assert made.tblPr.xpath("w:tblDescription")
        assert made.getprevious().style == "Caption"
    checked = 0
    for table in document.tables[:2]:
        for line in table.rows[1:]:
            label, machine, human, corrected, _ = (cell.text for cell in line.cells)
            row = either[label.removesuffix(" (counter-theme)")]
            for words, who in ((machine, "machine"), (human, "human")):
                assert words.startswith(f"{row[f'{who}_n']} of {row[f'{who}_of']} (")
            assert corrected.startswith("not given (") == (row["corrected_method"] == "refused")
            checked += 1
    assert checked == len(either) + 12  # the top themes stand in both tables
    paragraphs: list[Any] = document.paragraphs
    headings = [each.text for each in paragraphs if each.style.name == "Heading 1"]
    assert headings[:3] == ["At a glance", "Themes in 2022", "Beside the years before"]
    assert {section.orientation for section in document.sections} == {0, 1}


def test_refused_estimates_say_why(reported: Reported) -> None:
    page = reported.bytes_of("html").decode()
    refused = {row["corrected_refused"] for row in reported.csv_rows("themes")} - {""}
    assert refused
    assert all(reason in page for reason in refused)


def test_published_figures_and_what_was_measured_stand_beside_ours(
    reported: Reported, report: AnnualReport
) -> None:
    page = reported.bytes_of("html").decode()
    near = [one for one in compared_figures(library_of(reported.data_dir)) if one.nearest]
    assert near
    assert all(one.figure.value in page and one.figure.unit in page for one in near)
    assert f"{SITE}/published-figures" in page
    # An invented tagger read these passages: what was measured is not of it.
    assert "of another tagger than read these passages" in page
    measured = replace(report, method=replace(report.method, measured=load_measured()))
    shown = html_file(measured, written_on=DAY).decode()
    first = load_measured().top_themes[0]
    assert f"{first.precision:.2f}" in shown
    assert f"How well tagger {load_measured().tagger_version} finds top themes" in shown


def test_years_stand_with_denominators_and_gaps(reported: Reported) -> None:
    report = gather(library_of(reported.data_dir), 2013)
    assert [each.name for each in report.years] == [str(year) for year in range(2003, 2014)]
    early = gather(library_of(reported.data_dir), 1985)
    gaps = [each for each in early.years if not each.coverage.reviews_held]
    assert gaps
    for gap in gaps:
        assert all(row.count.either.machine.share is None for row in gap.rows)


def test_the_same_snapshot_gives_the_same_bytes_but_for_the_day(
    reported: Reported, tmp_path: Path
) -> None:
    arguments = ["report", "--year", str(YEAR), "--snapshot", reported.snapshot]
    arguments += ["--dated", "2027-01-02", "--data-dir", str(reported.data_dir)]
    environ = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "THROUGHLINE_PUBLIC_URL": SITE}
    subprocess.run(
        [sys.executable, "-c", MAIN, *arguments, "--out", str(tmp_path / "later")],
        check=True,
        env=environ,
        stdout=subprocess.PIPE,
    )
    names = [path.relative_to(reported.folder) for path in reported.folder.rglob("*.*")]
    assert len(names) > 15
    for name in names:
        before = (reported.folder / name).read_bytes()
        after = (tmp_path / "later" / name).read_bytes()
        if name.suffix in {".csv", ".json"}:
            assert after == before, name
        elif name.suffix == ".html":
            lines = list(zip(before.splitlines(), after.splitlines(), strict=True))
            assert [a.strip() for a, b in lines if a != b] == [
                b'<p class="report-written">Written on 1 November 2026.</p>'
            ]
        else:
            _differ_in_the_day_alone(before, after)


def _differ_in_the_day_alone(before: bytes, after: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(before)) as one, zipfile.ZipFile(io.BytesIO(after)) as other:
        assert one.namelist() == other.namelist()
        assert {each.date_time for each in one.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        differing = [name for name in one.namelist() if one.read(name) != other.read(name)]
        assert len(differing) == 1
        changed = other.read(differing[0]).replace(b"2 January 2027", b"1 November 2026")
        assert changed == one.read(differing[0])
        assert b"2026-03-04T05:06:07Z" in one.read("docProps/core.xml")


def test_what_is_added_later_changes_nothing_of_a_published_report(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    store = catalogue_store(data_dir)
    snapshot = publish_world(data_dir, store)
    before = gather(settled(library_of(data_dir), snapshot), YEAR)
    add_reports(store)
    # The same report gives the same bytes, as the test above says.
    assert gather(settled(library_of(data_dir), snapshot), YEAR) == before
    draft = gather(settled(library_of(data_dir), None), YEAR)
    page = html_file(draft, written_on=DAY).decode()
    assert "Not to be cited" in page
    assert "Cite as" not in page
    assert f"Compared with the snapshot {snapshot}" in page
    with zipfile.ZipFile(io.BytesIO(word_document(draft, written_on=DAY))) as archive:
        headers = [name for name in archive.namelist() if "header" in name]
        assert any(b"Not to be cited" in archive.read(name) for name in headers)


def test_changes_since_a_snapshot_add_up_to_the_figures(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    store = catalogue_store(data_dir)
    first = publish_world(data_dir, store)
    old = {row.key: row for row in gather(library_of(data_dir), YEAR).themes.rows}
    added = add_report(store, "new-2022", ("The clinic was not told.",), theme="loop-not-closed")
    store.add_judgement(make_judgement(added[0]))
    change = gather(library_of(data_dir), YEAR).change
    assert change.since == first
    assert change.moves
    for move in change.moves:
        assert sum(move.parts.values()) == move.after - move.before
    moved = {(move.scope, move.key, move.figure): move for move in change.moves}
    machine = moved[str(YEAR), "not-passed-on", "machine"]
    assert machine.before == old["not-passed-on"].count.either.machine.n
    assert machine.parts["new_documents"] == 1
    assert ("all years", "not-passed-on", "machine") in moved


def test_model_people_and_codebook_each_show_as_the_cause_of_what_they_changed(
    tmp_path: Path,
) -> None:
    store = catalogue_store(tmp_path)
    reread, judged, redefined = (
        add_report(store, f"{theme}-2022", ("Nobody was told of it.",), theme=theme)[0]
        for theme in ("loop-not-closed", "shared-too-late", "lawful-basis-confusion")
    )
    publish_world(tmp_path, store)
    nothing: dict[PassageId, list[Finding]] = {one.passage_id: [] for one in (reread, redefined)}
    store.put_findings(nothing, tagger_version="invented-2")
    store.add_judgement(make_judgement(judged))
    library = library_of(tmp_path)
    files = read_codebook_files(library.codebook_folder)
    entries = files["themes/legal-confusion-and-fear.toml"]["theme"]
    (entry,) = [each for each in entries if each["id"] == "lawful-basis-confusion"]
    entry["definition"] = "Something else than before."
    library.codebook = build_codebook(files)
    causes = {
        (move.key, move.figure): {cause: part for cause, part in move.parts.items() if part}
        for move in gather(library, YEAR).change.moves
        if move.scope == str(YEAR)
    }
    assert causes["loop-not-closed", "machine"] == {"model": -1}
    assert causes["lawful-basis-confusion", "machine"] == {"codebook": -1}
    assert causes["shared-too-late", "standing"] == {"human_corrections": -1}
    assert ("shared-too-late", "machine") not in causes


def test_no_cell_can_act_as_a_formula(reported: Reported, walk: Walk) -> None:
    values = [cell for sheet in walk.book for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == FORMULA for cell in values)
    assert not [cell.coordinate for cell in values if cell.data_type == "f"]
    texts = [
        cell
        for name in ("passages", "reviews")
        for row in reported.csv_rows(name)
        for cell in row.values()
    ]
    assert f"'{FORMULA}" in texts
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@"))]


def test_no_name_that_a_publisher_withheld_is_in_any_file(reported: Reported) -> None:
    store = library_of(reported.data_dir).store
    withheld = [one for one in store.iter_reviews() if "anonymous" in (one.identity_link or "")]
    names = {
        name
        for one in withheld
        for name in (*one.case_names, *one.aliases)
        if name not in one.title
    }
    assert HIDDEN in names
    for place, text in reported.texts():
        assert not [name for name in names if name in text], place
    # The passage is counted and listed; its words alone are left out.
    [row] = [
        row
        for row in reported.csv_rows("passages")
        if row["reference"] == f"{YEAR}/workload-and-staffing/either/machine"
        and row["review_id"] == "hidden-2022"
        and not row["text"]
    ]
    assert row["text_cut"] == "yes"


def test_passages_shown_keep_to_licence_and_say_where_they_stand(
    reported: Reported, report: AnnualReport
) -> None:
    store = library_of(reported.data_dir).store
    by_theme = {each.key: each for each in report.quotes}
    assert not by_theme["consent-and-confidentiality"].quotes
    assert "licences" in (by_theme["consent-and-confidentiality"].why_none or "")
    shown = [quote for each in report.quotes for quote in each.quotes]
    assert {quote.review.review_id for quote in shown} >= {"hidden-2022", "long-2022"}
    for each in report.quotes:
        reviews = [quote.review.review_id for quote in each.quotes]
        assert len(reviews) == len(set(reviews))
    for quote in shown:
        whole = store.get_passage(quote.passage.passage_id)
        assert whole.text.startswith(quote.text)
        if quote.review.held_as == "full text":
            assert len(quote.text.split()) <= 50
    page = reported.bytes_of("html").decode()
    [long] = [quote for quote in shown if quote.review.review_id == "long-2022"]
    assert long.cut
    assert f'href="{SITE}/passages/{long.passage.passage_id}"' in page
    assert "paragraph 4.1, page 2" in page


def test_what_people_overturned_is_not_shown_as_a_failing(report: AnnualReport) -> None:
    shown = {quote.review.review_id for each in report.quotes for quote in each.quotes}
    assert "denied-2022" not in shown
    proposed = {one.key: one for one in report.proposals}["not-passed-on"]
    assert "proposing-2022" in {quote.review.review_id for quote in proposed.quotes}


def test_what_cannot_be_reported_is_refused_in_a_sentence(
    reported: Reported, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    none = run(reported.data_dir, "report", "--year", "2031", "--out", str(out))
    assert none.exit_code == 1
    assert "No review published in 2031 is held" in str(none.exception)
    assert not out.exists()
    (out / "kept").mkdir(parents=True)
    full = run(reported.data_dir, "report", "--year", str(YEAR), "--out", str(out))
    assert "not an empty folder" in str(full.exception)
    assert [path.name for path in out.iterdir()] == ["kept"]


def test_a_full_disk_leaves_no_half_report(reported: Reported, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = (
        f"ulimit -f 40; exec {sys.executable} -c '{MAIN}' report "
        f"--year {YEAR} --out {out} --data-dir {reported.data_dir}"
    )
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "could not be written" in done.stderr
    assert not list(tmp_path.iterdir())


def test_pages_list_the_years_and_show_the_report(reported: Reported) -> None:
    client = create_app(library_of(reported.data_dir).settings).test_client()
    years = client.get("/reports").get_data(as_text=True)
    assert f'href="/reports/{YEAR}"' in years
    assert "none held" in years
    page = client.get(f"/reports/{YEAR}")
    text = page.get_data(as_text=True)
    for row in reported.csv_rows("themes"):
        if row["level"] == "either" and int(row["human_n"]):
            assert f"{row['human_n']} of {row['human_of']} (" in text
    assert "<style" not in text
    assert " style=" not in text
    assert "Cite as" in text
    gone = client.get("/reports/2031")
    assert gone.status_code == 404
    assert "No review published in 2031" in gone.get_data(as_text=True)
    for form in ("xlsx", "docx", "html", "zip"):
        answer = client.get(f"/reports/{YEAR}/files/{form}?snapshot={reported.snapshot}")
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
    assert load_workbook(io.BytesIO(client.get(f"/reports/{YEAR}/files/xlsx").get_data()))


def test_published_figures_are_data_too_each_in_its_unit(
    reported: Reported, report: AnnualReport, walk: Walk
) -> None:
    rows = reported.csv_rows("published_figures")
    quoted = {(one.figure.statement, one.figure.value, one.figure.unit) for one in report.compared}
    assert quoted
    assert {(row["statement"], row["value"].lstrip("'"), row["unit"]) for row in rows} == quoted
    assert walk.book["published_figures"].max_row >= len(rows)
    assert all(row["not_alike_because"] for row in rows if row["machine"])
