"""The page for spaCy's users: its example runs as it stands."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "spacy.md"


@pytest.mark.model
def test_the_example_prints_a_span_and_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(code, str(PAGE), "exec"), {})
    printed = capsys.readouterr().out
    assert "not-shared-between-agencies | The police knew" in printed
    assert "failing-found case" in printed
