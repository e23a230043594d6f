"""Runs the command line in this process, as a shell would see it."""

from dataclasses import dataclass

import pytest

from web.cli import main


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    status: int
    out: str
    err: str


class Shell:
    """Runs ``throughline`` commands on one data directory."""

    def __init__(self, capsys: pytest.CaptureFixture[str], data_dir: str) -> None:
        self._capsys = capsys
        self._data_dir = data_dir

    def run(self, *arguments: str) -> Done:
        """Run a command as given."""
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        captured = self._capsys.readouterr()
        code = stopped.value.code
        return Done(code if isinstance(code, int) else 0, captured.out, captured.err)

    def on_data(self, *arguments: str) -> Done:
        """Run a command on the data directory."""
        return self.run(*arguments, "--data-dir", self._data_dir)
