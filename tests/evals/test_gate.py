"""The gate on tagging, on small invented figures and, where they are, on the real ones."""

from pathlib import Path

import pytest
from floors import Floors, read_floors, run_gate, write_floors
from tag_results import dev_figures
from tag_sets import ABSENT, has_dev, hash_dev

from nlp.tagger import load_tagger

FLOORS = Path(__file__).with_name("tagging_floors.toml")
HASHES = {"dev_passages.jsonl": "a" * 64, "dev_labels.jsonl": "b" * 64}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Floors of two parts."""
    path = tmp_path / "floors.toml"
    parts = {"dev": {"stance.kappa": 0.5, "top_theme.micro_f1": 0.4}, "own": {"clean": 0.9}}
    write_floors(Floors(hashes=HASHES, parts=parts), path)
    return path


def gate(path: Path, *, kappa: float, again: bool = False, lower: bool = False) -> int:
    measures = {"dev": lambda: {"stance.kappa": kappa, "top_theme.micro_f1": 0.6}}
    return run_gate(path, measures, HASHES, again=again, lower=lower)


def test_figures_at_their_floors_pass_and_a_part_not_measured_is_let_be(path: Path) -> None:
    assert gate(path, kappa=0.5) == 0


def test_a_figure_below_its_floor_is_named(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert gate(path, kappa=0.499) == 3
    assert "stance.kappa is 0.499, below its floor of 0.500" in capsys.readouterr().out


def test_a_figure_that_has_gone_is_named(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_gate(path, {"own": dict}, HASHES) == 3
    assert "clean was not measured" in capsys.readouterr().out


def test_other_data_is_named_before_anything_is_measured(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def never() -> dict[str, float]:
        raise AssertionError("measured on other data")

    assert run_gate(path, {"dev": never}, HASHES | {"dev_labels.jsonl": "c" * 64}) == 3
    said = capsys.readouterr().out
    assert "dev_labels.jsonl" in said
    assert "dev_passages.jsonl" not in said


def test_pinning_raises_floors_to_a_little_below_the_figures(path: Path) -> None:
    assert gate(path, kappa=0.7, again=True) == 0
    parts = read_floors(path).parts
    assert parts["dev"] == {"stance.kappa": 0.69, "top_theme.micro_f1": 0.59}
    assert parts["own"] == {"clean": 0.9}


def test_pinning_keeps_a_floor_that_a_figure_has_come_near(path: Path) -> None:
    assert gate(path, kappa=0.503, again=True) == 0
    assert read_floors(path).parts["dev"]["stance.kappa"] == 0.5


def test_no_floor_is_lowered_without_the_flag(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = path.read_bytes()
    assert gate(path, kappa=0.3, again=True) == 1
    assert "--lower" in capsys.readouterr().out
    assert path.read_bytes() == before
    assert gate(path, kappa=0.3, again=True, lower=True) == 0
    assert read_floors(path).parts["dev"]["stance.kappa"] == 0.29


@pytest.mark.parametrize("text", ["", "[sha256", "[sha256]\n[dev]\nkappa = 'high'\n"])
def test_broken_floors_are_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    path = tmp_path / "floors.toml"
    path.write_text(text, encoding="utf-8")
    assert gate(path, kappa=1.0) == 1
    assert "floors.toml cannot be read as floors" in capsys.readouterr().out


@pytest.mark.model
@pytest.mark.skipif(not has_dev(), reason=ABSENT)
def test_the_tagger_that_ships_reaches_its_floors_on_labelled_passages() -> None:
    tagger = load_tagger()
    assert run_gate(FLOORS, {"dev": lambda: dev_figures(tagger)}, hash_dev()) == 0
