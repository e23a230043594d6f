import csv
import io
import json
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from portal_world import PortalWorld
from samples import make_code, make_document, make_judgement, make_review

from corpus.errors import InvalidInputError
from corpus.ids import ReviewId
from corpus.settings import Settings
from corpus.store import open_store
from nlp.codebook import load_codebook
from web import count_sheets
from web.cli import cli
from web.count_sheets import passage_rows
from web.counting import TOTAL, CountsQuestion, count_groups, counted
from web.current import current_library
from web.holdings import Library
from web.spreadsheet import Sheet, csv_text, workbook_bytes

KEYS = {
    "n",
    "denominator",
    "estimate",
    "ci_low",
    "ci_high",
    "method",
    "n_human_checked",
    "snapshot",
}


def data_dir(world: PortalWorld) -> str:
    with world.app.app_context():
        return str(current_library().settings.data_dir)


def api_counts(world: PortalWorld, query: str = "") -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(world.get(f"/api/v1/counts{query}"))
    assert answer["meta"]["snapshot"] == answer["data"]["snapshot"]
    data: dict[str, Any] = answer["data"]
    return data


def run(world: PortalWorld, *arguments: str) -> Result:
    given = ["counts", "--from", "1970", "--to", "2020", *arguments]
    return CliRunner().invoke(cli, [*given, "--data-dir", data_dir(world)])


def figures(data: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (name, cell[name])
        for row in [data["total"], *data["rows"]]
        for cell in row["cells"]
        for name in ("machine", "human_checked", "corrected")
    ]


def row_of(data: dict[str, Any], theme: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = [data["total"], *data["rows"]]
    return next(row for row in rows if row["theme"] == theme)


def test_every_figure_carries_what_it_rests_on(world: PortalWorld) -> None:
    data = api_counts(world, "?by=theme&from=1970&to=2020")
    found = figures(data)
    assert len(found) == 3 * 3 * (1 + len(load_codebook().themes) - 1)
    for name, figure in found:
        assert set(figure) >= KEYS
        assert figure["snapshot"] == data["snapshot"]
        if name == "corrected":
            assert (figure["n"] is None) == bool(figure["refused"])
        else:
            assert figure["n"] == len(figure["review_ids"])
            assert figure["ci_low"] <= figure["estimate"] <= figure["ci_high"]


def test_three_figures_stand_side_by_side(world: PortalWorld) -> None:
    data = api_counts(world, "?by=theme&from=1970&to=2020")
    either = row_of(data, "not-shared-between-agencies")["cells"][0]
    assert either["level"] == "either"
    # Two digests were judged; the machine found nothing in them.
    assert (either["machine"]["n"], either["machine"]["denominator"]) == (0, 3)
    assert (either["human_checked"]["n"], either["human_checked"]["denominator"]) == (2, 2)
    assert either["human_checked"]["n_digest_only"] == 2
    assert either["corrected"]["refused"]["code"] == "no-sample"
    assert "2 of 3 reviews" in either["corrected"]["refused"]["reason"]
    assert data["coverage"]["denominator"] == 3


def test_the_passages_behind_a_figure_recount_to_it(world: PortalWorld) -> None:
    for name, figure in figures(api_counts(world)):
        if name == "corrected":
            continue
        reviews = {
            json.loads(world.get(f"/api/v1/passages/{passage_id}"))["data"]["review_id"]
            for passage_id in figure["passage_ids"]
        }
        assert reviews == set(figure["review_ids"])


def test_news_is_a_mention_beside_the_count(world: PortalWorld) -> None:
    row = row_of(api_counts(world), "child-out-of-sight")
    assert row["cells"][0]["machine"]["n"] == 0
    assert row["mentions"]["n"] == 0  # 2025 lies after the last year held
    later = row_of(api_counts(world, "?to=2026"), "child-out-of-sight")
    assert (later["cells"][0]["machine"]["n"], later["mentions"]["n"]) == (0, 1)


def test_leaving_out_a_passage_moves_the_number_and_is_said(world: PortalWorld) -> None:
    passage_id = world.report_2013[0].passage_id
    before = row_of(api_counts(world), "siloed-working")["cells"][0]["machine"]
    data = api_counts(world, f"?exclude={passage_id}")
    after = row_of(data, "siloed-working")["cells"][0]["machine"]
    assert (before["n"], after["n"]) == (1, 0)
    assert data["excluded_passages"] == [passage_id]
    assert any("1 passages were left out" in note for note in data["notes"])


def test_nation_type_level_and_date_axis_narrow_the_answer(world: PortalWorld) -> None:
    assert api_counts(world, "?nation=Wales")["coverage"]["denominator"] == 1
    assert api_counts(world, "?type=public%20inquiry")["coverage"]["denominator"] == 1
    by_level = api_counts(world, "?level=system")
    assert [cell["level"] for cell in by_level["total"]["cells"]] == ["system"]
    by_incident = api_counts(world, "?date_axis=incident")
    assert (by_incident["coverage"]["denominator"], by_incident["coverage"]["undated"]) == (1, 2)
    assert (by_incident["from"], by_incident["to"]) == (1973, 1973)


def test_years_without_reviews_are_null_and_not_zero(world: PortalWorld) -> None:
    years = {each["year"]: each for each in api_counts(world)["total"]["years"]}
    assert (years[1975]["reviews_held"], years[1975]["machine"]) == (0, None)
    assert (years[2003]["machine"], years[2013]["human"]) == (0, None)


def test_the_counter_theme_stands_apart_from_rows_and_total() -> None:
    codebook = load_codebook()
    counter = {theme.theme_id for theme in codebook.themes if theme.sort == "counter"}
    for by in ("top-theme", "theme"):
        for group in count_groups(codebook, by):
            assert not counter & set(group.themes) or {group.key} == counter
    total = count_groups(codebook, "theme")[0]
    assert (total.key, len(total.themes)) == (TOTAL, len(codebook.themes) - len(counter))


def test_the_counter_theme_has_a_place_of_its_own(world: PortalWorld) -> None:
    data = api_counts(world, "?by=theme")
    assert data["counter_theme"]["theme"] == "disproportionate-sharing"
    assert "disproportionate-sharing" not in {row["theme"] for row in data["rows"]}
    assert api_counts(world)["counter_theme"] is None


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("?nonsense=1", "nonsense"),
        ("?by=chapter", "by"),
        ("?from=2020&to=2010", "2020"),
        ("?from=nineteen", "from"),
        ("?level=family", "level"),
        ("?exclude=,", "exclude"),
        ("?by=theme&by=top-theme", "by"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_by_name(
    world: PortalWorld, query: str, named: str
) -> None:
    response = world.client.get(f"/api/v1/counts{query}")
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    assert named in response.get_data(as_text=True)


def test_a_passage_that_is_not_held_cannot_be_left_out(world: PortalWorld) -> None:
    assert world.client.get("/api/v1/counts?exclude=none-such").status_code == 404


def test_equal_content_is_answered_304(world: PortalWorld) -> None:
    first = world.client.get("/api/v1/counts")
    again = world.client.get("/api/v1/counts", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


# -- command line -------------------------------------------------------------------


def test_command_and_api_give_the_same_numbers(world: PortalWorld) -> None:
    by_api = api_counts(world, "?by=theme&from=1970&to=2020")
    for arguments in (("--json",), ("--format", "json")):
        assert json.loads(run(world, "--by", "theme", *arguments).stdout) == by_api


@pytest.mark.parametrize("by", ["nation", "type", "decade"])
def test_the_parts_are_those_of_the_api(world: PortalWorld, by: str) -> None:
    by_api = api_counts(world, f"?from=1970&to=2020&group_by={by}")
    assert len(by_api["groups"]) > 1
    assert json.loads(run(world, "--group-by", by, "--json").stdout) == by_api
    shown = run(world, "--group-by", by).stdout
    assert all(f"{group['key']}\n" in shown for group in by_api["groups"])
    assert run(world, "--group-by", by, "--format", "csv").exit_code == 2


def test_the_clock_puts_reviews_into_other_years(world: PortalWorld) -> None:
    by_incident = json.loads(run(world, "--clock", "incident", "--json").stdout)
    assert by_incident == api_counts(world, "?from=1970&to=2020&date_axis=incident")
    assert by_incident["coverage"]["denominator"] == 1


def test_the_table_shows_all_three_and_what_they_rest_on(world: PortalWorld) -> None:
    shown = run(world).stdout
    line = next(line for line in shown.splitlines() if line.startswith("Siloed working"))
    assert line.split()[-9:] == ["1", "of", "3", "0", "of", "2", "0/0", "not", "given"]
    assert "3 reviews of 3 cases are counted (1970 to 2020)." in shown
    assert "2 of them are known through our digest alone." in shown


def test_csv_has_a_row_a_figure_and_a_row_a_year(world: PortalWorld) -> None:
    rows = list(csv.DictReader(io.StringIO(run(world, "--format", "csv").stdout)))
    whole = [row for row in rows if row["theme"] == TOTAL and row["period"] == "1970-2020"]
    assert {row["figure"] for row in whole} == {"machine", "human_checked", "corrected"}
    assert {row["level"] for row in whole} == {"either", "case", "system"}
    gap = next(row for row in rows if row["period"] == "1975" and row["figure"] == "machine")
    assert (gap["n"], gap["denominator"]) == ("", "0")
    assert all(row["refused"] for row in whole if row["figure"] == "corrected")


def test_every_cell_of_the_workbook_recounts_from_its_sheet_of_passages(
    world: PortalWorld, tmp_path: Path
) -> None:
    out = tmp_path / "counts.xlsx"
    assert run(world, "--format", "xlsx", "--out", str(out)).exit_code == 0
    workbook = load_workbook(out)
    figure_rows, passage_rows = (_rows(workbook[name]) for name in ("figures", "passages"))
    recounted = 0
    for row in figure_rows:
        if row["period"] != "1970-2020" or row["figure"] == "corrected":
            continue
        behind = {
            each["review_id"]
            for each in passage_rows
            if all(each[key] == row[key] for key in ("theme", "level", "figure"))
        }
        assert len(behind) == row["n"]
        recounted += len(behind)
    assert recounted > 5
    assert any("snapshot" in str(row["note"]).lower() for row in _rows(workbook["notes"]))


def test_the_sheet_of_passages_is_read_in_parts_and_joins_no_withheld_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(tmp_path)
    for number, link in enumerate(("", "national press; the publisher kept the child anonymous")):
        review_id = ReviewId(f"child-{number}")
        store.add_review(
            make_review(review_id, case_names=("Wren Ashdown",), identity_link=link or None)
        )
        document, passages = make_document(
            ["It was not passed on.", "Nor was the letter."],
            identity=f"file:{number}",
            review_id=review_id,
            url=f"https://news.example.org/{number}/wren-ashdown-review",
        )
        store.add_document(document, passages)
        for passage in passages:
            store.add_judgement(make_judgement(passage, make_code("not-shared-between-agencies")))
    monkeypatch.setattr(count_sheets, "_AT_A_TIME", 1)
    library, question = Library(Settings(data_dir=tmp_path)), CountsQuestion()
    rows = list(passage_rows(counted(library, question), library, question))
    assert {(row["review_id"], row["source_url"]) for row in rows} == {
        ("child-0", "https://news.example.org/0/wren-ashdown-review"),
        ("child-1", "https://news.example.org/"),
    }
    assert len({row["passage_id"] for row in rows}) == 4


def _rows(sheet: Any) -> list[dict[str, Any]]:
    names, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_a_workbook_needs_a_file(world: PortalWorld) -> None:
    result = run(world, "--format", "xlsx")
    assert result.exit_code == 2
    assert "--out" in result.output


def test_out_writes_any_format_to_a_file(world: PortalWorld, tmp_path: Path) -> None:
    for format_ in ("table", "json", "csv"):
        out = tmp_path / format_
        result = run(world, "--format", format_, "--out", str(out))
        assert result.stdout == ""
        assert out.read_bytes() == run(world, "--format", format_).stdout_bytes


def test_a_file_that_cannot_be_written_is_named(world: PortalWorld, tmp_path: Path) -> None:
    result = run(world, "--out", str(tmp_path / "none" / "such"))
    assert isinstance(result.exception, InvalidInputError)
    assert "such" in str(result.exception)


@pytest.mark.parametrize(
    "arguments",
    [["--to", "2020"], ["--from", "2010"], ["--from", "1974", "--to", "x", "--by", "y"]],
)
def test_a_period_must_be_given(arguments: list[str]) -> None:
    assert CliRunner().invoke(cli, ["counts", *arguments]).exit_code == 2


def test_years_in_the_wrong_order_are_refused_in_a_sentence(world: PortalWorld) -> None:
    arguments = ["counts", "--from", "2020", "--to", "2010", "--data-dir", data_dir(world)]
    result = CliRunner().invoke(cli, arguments)
    assert isinstance(result.exception, InvalidInputError)
    assert str(result.exception) == "from (2020) is after to (2010)."


@pytest.mark.parametrize(
    ("year", "sentence"),
    [
        ("1800", "--from: should be 1900 or more (was '1800')."),
        ("abc", "--from: should be a whole number (was 'abc')."),
    ],
)
def test_a_year_that_is_none_is_refused_in_a_sentence(
    world: PortalWorld, year: str, sentence: str
) -> None:
    arguments = ["counts", "--from", year, "--to", "2020", "--data-dir", data_dir(world)]
    assert str(CliRunner().invoke(cli, arguments).exception) == sentence
    page = world.client.get(f"/counts?from={year}")
    assert (page.status_code, sentence.removeprefix("--") in unescape(page.text)) == (400, True)


# -- spreadsheets -----------------------------------------------------------------

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\0=1", "＝1", "  =1", '=HYPERLINK("x")']


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_can_act_as_a_formula(text: str) -> None:
    written = next(csv.reader(io.StringIO(csv_text(["a"], [{"a": text}]).split("\r\n", 1)[1])))
    assert written[0].startswith("'")
    sheet = Sheet(title="s", columns=("a",), rows=[{"a": text}])
    workbook = load_workbook(io.BytesIO(workbook_bytes([sheet])))
    assert workbook["s"]["A2"].data_type == "s"


def test_numbers_stay_numbers_and_nothing_stays_empty() -> None:
    rows = [{"a": -1, "b": 0.5, "c": None, "d": 'two "lines",\nof it'}]
    read = list(csv.reader(io.StringIO(csv_text(["a", "b", "c", "d"], rows))))
    assert read[1] == ["-1", "0.5", "", 'two "lines",\nof it']
