import subprocess
import sys

import pytest
from click.testing import CliRunner

from web.cli import COMMANDS, cli
from web.reference import command_help

HEAVY = ("torch", "spacy", "scrapy", "sentence_transformers", "faiss", "flask", "sqlalchemy")


def test_help_imports_nothing_heavy() -> None:
    # A process of its own: this one has imported everything already.
    code = (
        "import sys; from click.testing import CliRunner; from web.cli import cli; "
        "result = CliRunner().invoke(cli, ['--help']); assert result.exit_code == 0; "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_table_of_commands_says_what_each_command_says() -> None:
    assert command_help() == {name: help_ for name, (_, help_) in COMMANDS.items()}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    result = CliRunner().invoke(cli, [name, "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.output


def test_a_misspelt_command_is_wrong_usage() -> None:
    assert CliRunner().invoke(cli, ["serach"]).exit_code == 2
