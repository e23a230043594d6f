"""The scripts of docs/examples, run as they stand against a served library."""

import csv
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from portal_world import PortalWorld, make_world
from samples import make_code, make_judgement
from served import serve_app

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> PortalWorld:
    world = make_world(tmp_path_factory.mktemp("portal"))
    agreed = make_code("siloed-decisions")
    world.store.add_judgement(make_judgement(world.report_2013[0], agreed, coder="second"))
    world.store.add_judgement(make_judgement(world.report_2013[1], coder="second"))
    return world


@pytest.fixture(scope="module")
def address(world: PortalWorld) -> Iterator[str]:
    with serve_app(world.app) as at:
        yield at


def run(name: str, *arguments: str) -> str:
    script = str(EXAMPLES / name)
    done = subprocess.run(
        [sys.executable, script, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_script_is_run_here() -> None:
    scripts = {path.name for path in EXAMPLES.glob("*.py")}
    assert scripts == {"counts_over_time.py", "home_education.py", "agreement_study.py"}


def test_counts_over_time_print_each_decade_with_its_interval(address: str) -> None:
    lines = run("counts_over_time.py", address).splitlines()
    (first,) = [
        line for line in lines if line.split()[:3] == ["1970s", "any-theme", "human_checked"]
    ]
    # One review held of the decade, checked whole, failing: Wilson's interval of 1 of 1.
    assert first.split()[3:6] == ["1", "1", "1.00"]
    assert "(0.21 to 1.00, wilson)" in first
    assert any("not a rise in failure" in line for line in lines)
    assert "snapshot s" in lines[-1]


def test_home_education_gives_offsets_that_hold(address: str, world: PortalWorld) -> None:
    (row,) = csv.DictReader(io.StringIO(run("home_education.py", address)))
    passage = world.news[0]
    assert (row["passage_id"], row["text_cut"]) == (passage.passage_id, "True")
    assert row["evidence"] == "0-5 300-306"
    # The second span lies beyond the extract that the licence allows.
    assert row["words"] == passage.text[0:5]
    document = world.store.get_document(row["document_id"])
    assert document.text[int(row["start_char"]) : int(row["end_char"])] == passage.text
    assert row["document_text_sha256"] == document.text_sha256


def test_the_agreement_study_counts_what_coder_and_machine_said(address: str) -> None:
    lines = run("agreement_study.py", address, "second").splitlines()
    assert lines[0] == "2 passages judged by second"
    (row,) = [line for line in lines if line.startswith("siloed-decisions")]
    assert row.split()[1:5] == ["1", "0", "0", "1.00"]
