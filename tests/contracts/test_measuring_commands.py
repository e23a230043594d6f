"""Benchmarks and evaluations start as their pages say: python, and the file."""

import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
COMMANDS = sorted(
    path
    for folder in ("benchmarks", "evals")
    for path in (TESTS / folder).glob("*.py")
    if not path.name.startswith("test_")
)


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_it_says_what_it_takes(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(path.relative_to(TESTS.parent)), "--help"],
        capture_output=True,
        text=True,
        cwd=TESTS.parent,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("usage:")
