import json
from pathlib import Path

from click.testing import CliRunner, Result
from samples import make_code, make_document, make_judgement, make_review

from corpus.codings import Circumstances, save_coding
from corpus.ids import ReviewId
from corpus.model import Stance
from corpus.store import open_store
from nlp.codebook import load_codebook
from web.cli import cli

THEME = "checks-not-made"


def run(data_dir: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["agreement", "--data-dir", str(data_dir), *arguments])


def coded_library(data_dir: Path) -> None:
    """Twelve cases of two passages, coded by two people who differ on a quarter."""
    store = open_store(data_dir)
    failing, proposed = make_code(THEME), make_code(THEME, Stance.CHANGE_PROPOSED)
    for n in range(12):
        store.add_review(make_review(f"r{n}"))
        document, passages = make_document(
            ["It did.", "It did not."], identity=f"file:{n}", review_id=ReviewId(f"r{n}")
        )
        store.add_document(document, passages)
        for coder, first in (("ana", failing), ("ben", failing if n % 4 else proposed)):
            for passage, codes in zip(passages, ((first,), ()), strict=True):
                save_coding(
                    store,
                    make_judgement(passage, *codes, coder=coder),
                    Circumstances(token=f"{coder}{passage.passage_id}", blind=True),
                )


def test_agreement_is_shown_with_what_it_rests_on(tmp_path: Path) -> None:
    coded_library(tmp_path)
    shown = run(tmp_path)
    assert "24 passages were coded apart by two people or more (2 people in all)" in shown.stderr
    label = load_codebook().entry(THEME).label
    line = next(line for line in shown.stdout.splitlines() if line.startswith(label))
    assert line.removeprefix(label).split() == [*("24", "50%", "1.00", "1.00")]
    answer = json.loads(run(tmp_path, "--json").stdout)
    rows = {(row["about"], row["key"]): row for row in answer["rows"]}
    stance = rows["theme-stance", THEME]
    assert (stance["n_items"], stance["observed"]) == (12, 0.75)
    assert stance["kappa"]["value"] == 0.0
    never = rows["theme", "identity-mismatch"]["kappa"]
    assert (never["value"], never["undefined"]["code"]) == (None, "one-value")
    assert len(answer["rows"]) == 12 + 2 * len(load_codebook().themes) + 3 + len(Stance)


def test_nobody_has_coded_apart_yet(tmp_path: Path) -> None:
    open_store(tmp_path)
    assert "0 passages were coded apart" in run(tmp_path).stderr
    answer = json.loads(run(tmp_path, "--json").stdout)
    assert {row["kappa"]["undefined"]["code"] for row in answer["rows"]} == {"no-overlap"}
    assert "NaN" not in run(tmp_path, "--json").stdout
