import json
from pathlib import Path

from click.testing import CliRunner, Result
from samples import make_code, make_document, make_judgement, make_review

from corpus.catalogue import add_catalogue, load_catalogue
from corpus.errors import InvalidInputError
from corpus.ids import ReviewId
from corpus.store import Store, open_store
from nlp.judged_rows import read_judged_rows
from web.cli import cli


def run(data_dir: Path, out: Path) -> Result:
    return CliRunner().invoke(
        cli, ["training-rows", "--out", str(out), "--data-dir", str(data_dir)]
    )


def catalogue_store(data_dir: Path) -> Store:
    store = open_store(data_dir)
    add_catalogue(store, codebook_version="0.1.0+test", entries=load_catalogue()[:3])
    return store


def test_judged_passages_are_written_with_their_case_and_newest_codes(tmp_path: Path) -> None:
    store = catalogue_store(tmp_path)
    store.add_review(make_review("r1", case_id="the-case"))
    document, passages = make_document(
        ["Judged twice.", "Never judged.", "No theme."], review_id=ReviewId("r1")
    )
    store.add_document(document, passages)
    code = make_code("checks-not-made")
    store.add_judgement(make_judgement(passages[0], make_code()))
    store.add_judgement(make_judgement(passages[0], code))
    store.add_judgement(make_judgement(passages[2]))
    out = tmp_path / "rows.jsonl"
    result = run(tmp_path, out)
    assert result.exit_code == 0
    assert "2 passages of 1 cases" in result.stderr
    rows = {each.row.text: each for each in read_judged_rows(out)}
    assert {text: each.row.codes for text, each in rows.items()} == {
        "Judged twice.": (code,),
        "No theme.": (),
    }
    assert {each.case for each in rows.values()} == {"the-case"}
    ids = {json.loads(line)["id"] for line in out.read_text(encoding="utf-8").splitlines()}
    assert ids == {passages[0].passage_id, passages[2].passage_id}


def test_what_is_measured_on_is_left_out_and_nothing_else_is_an_error(tmp_path: Path) -> None:
    catalogue_store(tmp_path)
    result = run(tmp_path, tmp_path / "rows.jsonl")
    assert isinstance(result.exception, InvalidInputError)
    assert "measured on" in str(result.exception)
    assert not (tmp_path / "rows.jsonl").exists()
