from pathlib import Path

import pytest

from corpus.errors import InvalidInputError
from corpus.settings import Settings, load_settings


def test_without_anything_given_the_defaults_hold() -> None:
    assert load_settings(environ={}) == Settings()


def test_flags_win_over_environment_and_environment_over_file(tmp_path: Path) -> None:
    config = tmp_path / "settings.toml"
    config.write_text('port = 1\nhost = "0.0.0.0"\nworkers = 9\n')
    environ = {
        "THROUGHLINE_CONFIG": str(config),
        "THROUGHLINE_PORT": "2",
        "THROUGHLINE_WORKERS": "8",
    }
    settings = load_settings(environ=environ, overrides={"port": 3, "workers": None})
    assert (settings.port, settings.workers, settings.host) == (3, 8, "0.0.0.0")


def test_paths_are_read_as_paths() -> None:
    assert load_settings(environ={"THROUGHLINE_DATA_DIR": "x/y"}).data_dir == Path("x/y")


def test_a_misspelt_setting_is_named_and_the_known_ones_listed() -> None:
    with pytest.raises(InvalidInputError, match=r"'prot'.*batch_size.*data_dir"):
        load_settings(environ={"THROUGHLINE_PROT": "1"})


def test_a_value_of_the_wrong_type_is_named() -> None:
    with pytest.raises(InvalidInputError, match=r"'port'.*whole number.*'http'"):
        load_settings(environ={"THROUGHLINE_PORT": "http"})


def test_a_settings_file_that_is_missing_or_broken_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="cannot be read"):
        load_settings(environ={"THROUGHLINE_CONFIG": str(tmp_path / "none.toml")})
    broken = tmp_path / "broken.toml"
    broken.write_text("port = ")
    with pytest.raises(InvalidInputError, match="is not TOML"):
        load_settings(environ={"THROUGHLINE_CONFIG": str(broken)})
