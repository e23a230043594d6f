"""The one table of settings: name, default and what each is for."""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from corpus.errors import InvalidInputError

PREFIX = "THROUGHLINE_"
CONFIG_VARIABLE = PREFIX + "CONFIG"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Every setting; read once at the edge, then passed down as an argument."""

    data_dir: Path = field(
        default=Path("var"),
        metadata={"help": "Where the store, captures and indexes are kept."},
    )
    host: str = field(
        default="127.0.0.1",
        metadata={"help": "Address that `throughline serve` listens on."},
    )
    port: int = field(
        default=8000,
        metadata={"help": "Port that `throughline serve` listens on."},
    )
    workers: int = field(
        default=4,
        metadata={"help": "Requests that `throughline serve` answers at once."},
    )
    contact: str = field(
        default="",
        metadata={"help": "Address shown to readers for corrections and withdrawal requests."},
    )
    batch_size: int = field(
        default=64,
        metadata={"help": "Passages that the tagger and the encoder take at a time."},
    )
    analyse_threads: int = field(
        default=2,
        metadata={"help": "Threads for bulk analysis; queries always use one."},
    )
    api_requests_per_minute: int = field(
        default=600,
        metadata={"help": "Requests to the API that one address may make a minute; 0: no limit."},
    )
    trusted_proxies: int = field(
        default=0,
        metadata={
            "help": "Proxies of yours in front of `throughline serve`: so many entries of "
            "X-Forwarded-For are believed, and none without it."
        },
    )
    max_file_mb: int = field(
        default=100,
        metadata={"help": "Largest file that `throughline ingest` takes in, in megabytes."},
    )

    public_url: str = field(
        default="",
        metadata={
            "help": "Where readers reach the portal, such as https://throughline.example.org; "
            "feeds, e-mails and the sitemap link with it."
        },
    )
    smtp_host: str = field(
        default="",
        metadata={"help": "Mail server for alerts; without it nobody can follow by e-mail."},
    )
    smtp_port: int = field(
        default=587,
        metadata={"help": "Port of the mail server."},
    )
    smtp_security: str = field(
        default="starttls",
        metadata={"help": "How the mail server is spoken to: starttls, tls or none."},
    )
    smtp_user: str = field(
        default="",
        metadata={"help": "Name at the mail server; without it nobody logs in."},
    )
    smtp_password: str = field(
        default="",
        repr=False,
        metadata={"help": "Password at the mail server; best given by the environment."},
    )
    mail_from: str = field(
        default="",
        metadata={"help": "Address that alerts come from."},
    )


@dataclass(frozen=True)
class _Reading:
    """How a setting's type is read from a file, the environment or a flag."""

    read: Callable[[Any], object]
    words: str


_READINGS = {
    Path: _Reading(Path, "a path"),
    str: _Reading(str, "text"),
    int: _Reading(int, "a whole number"),
}


def load_settings(
    *, environ: Mapping[str, str] | None = None, overrides: Mapping[str, object] | None = None
) -> Settings:
    """Read defaults, the TOML file of THROUGHLINE_CONFIG, THROUGHLINE_*, then flags.

    The later wins.

    Args:
        environ: stands in for the process environment in tests.
        overrides: values given on the command line; ``None`` values are ignored.

    Raises:
        InvalidInputError: an unknown name (the known ones are listed), or a value of
            the wrong type.
    """
    environ = os.environ if environ is None else environ  # noqa: TID251 - the one place
    values: dict[str, object] = {}
    config = environ.get(CONFIG_VARIABLE)
    if config:
        values |= _checked(_read_toml(Path(config)), origin=config)
    named = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environ.items()
        if name.startswith(PREFIX) and name != CONFIG_VARIABLE
    }
    values |= _checked(named, origin="the environment")
    given = {name: value for name, value in (overrides or {}).items() if value is not None}
    values |= _checked(given, origin="the command line")
    return Settings(**values)  # type: ignore[arg-type]  # _checked converted each to its field's type


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInputError(
            f"The settings file {path} cannot be read: {error.strerror}."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise InvalidInputError(f"The settings file {path} is not TOML: {error}.") from error


def _checked(values: Mapping[str, object], *, origin: str) -> dict[str, object]:
    known = {f.name: f for f in fields(Settings)}
    checked: dict[str, object] = {}
    for name, value in values.items():
        if name not in known:
            raise InvalidInputError(
                f"Unknown setting {name!r} in {origin}. Known settings: {', '.join(sorted(known))}."
            )
        reading = _READINGS[known[name].type]  # type: ignore[index]  # a class, not its name
        try:
            checked[name] = reading.read(value)
        except (TypeError, ValueError) as error:
            raise InvalidInputError(
                f"The setting {name!r} in {origin} should be {reading.words}, not {value!r}."
            ) from error
    return checked
