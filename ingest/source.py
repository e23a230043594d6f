"""A publisher as configured: one TOML file each under ``ingest/sources/``."""

import importlib.util
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from corpus.errors import InvalidInputError, SourceNotFoundError
from corpus.model import Kind, LicenceTier

FOLDER = "folder"
"""The spider's name of a watched folder: ``start`` names folders, and no host is asked."""

FIELDS = (
    "title",
    "published",
    "incident",
    "publisher",
    "partnership",
    "nation",
    "review_type",
    "pseudonym",
    "author",
    "kind",
    "page_count",
    "passages",
    "paragraph_numbers",
)
"""What ``[expect]`` may name, and what the ledger weighs of each document seen."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where to look, how, how gently, and what each field must look like."""

    source_id: str
    """The file's name without its ending."""
    name: str
    publisher: str
    spider: str
    """A module of ``ingest/spiders``."""
    start: tuple[str, ...]
    hosts: tuple[str, ...]
    """The only hosts that are ever asked, at every hop of a redirect."""
    licence_tier: LicenceTier
    crawl_delay_s: float
    robots_note: str
    """What is known of the publisher's robots.txt and terms, and when it was looked at."""
    kind: Kind | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    """The spider's own: selectors, address patterns, an organisation's slug."""
    expect: Mapping[str, float] = field(default_factory=dict)
    """Field → the share of its documents that must have it."""
    looks: Mapping[str, str] = field(default_factory=dict)
    """Field → a pattern that the whole of its value must match, where there is one."""


def load_sources(data_dir: Path | None = None) -> dict[str, Source]:
    """Read every configured publisher: those that ship, then the user's own.

    Args:
        data_dir: a file in its folder ``sources`` adds a publisher, or replaces the one
            of that name.

    Returns:
        By id, in the ids' order.

    Raises:
        InvalidInputError: a file is not as it must be; the sentence names the file, the
            field and what to write.
    """
    found = {source.source_id: source for source in _read_all(data_dir)}
    return dict(sorted(found.items()))


def find_source(source_id: str, data_dir: Path | None = None) -> Source:
    """Read one configured publisher.

    Raises:
        SourceNotFoundError: there is none with this id.
    """
    sources = load_sources(data_dir)
    if source_id not in sources:
        raise SourceNotFoundError(source_id)
    return sources[source_id]


def _read_all(data_dir: Path | None) -> Iterator[Source]:
    shipped = resources.files("ingest").joinpath("sources")
    for entry in shipped.iterdir() if shipped.is_dir() else ():
        if entry.name.endswith(".toml"):
            yield read_source(entry.name, entry.read_text(encoding="utf-8"))
    if data_dir is not None:
        for path in sorted((data_dir / "sources").glob("*.toml")):
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise InvalidInputError(f"The source file {path} cannot be read: {error}.") from (
                    error
                )
            yield read_source(str(path), text)


def read_source(file: str, text: str) -> Source:
    """Read one publisher from the text of its file.

    Args:
        file: the file's name or path; without its folder and ending it is the id.
        text: TOML.

    Raises:
        InvalidInputError: naming the file, the field and what to write there.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInputError(f"The source file {file} is not TOML: {error}.") from error
    return _Reader(file, table).read()


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(_is_text(item) for item in value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MODULE = re.compile(r"[a-z][a-z0-9_]*")
# The last label has a letter: an address of numbers is no host that anybody is named by.
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])")
_LEAST_DELAY_S = 1.0
_CRAWLED_TIERS = (LicenceTier.OPEN, LicenceTier.OWNER, LicenceTier.PRESS)
_FORMS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "name": (_is_text, "a text"),
    "publisher": (_is_text, "a text"),
    "spider": (_is_text, "the name of a module of ingest/spiders"),
    "start": (_is_texts, "a list of addresses"),
    "hosts": (_is_texts, "a list of host names"),
    "licence_tier": (_is_text, "one of A, B, C"),
    "crawl_delay_s": (_is_number, "a number of seconds"),
    "robots_note": (_is_text, "a text: what robots.txt and the terms say, and when you looked"),
    "kind": (_is_text, f"one of {', '.join(kind.value for kind in Kind)}"),
    "options": (lambda value: isinstance(value, dict), "a table"),
    "expect": (lambda value: isinstance(value, dict), "a table of shares"),
    "looks": (lambda value: isinstance(value, dict), "a table of patterns"),
}
_OPTIONAL = {"kind", "options", "expect", "looks"}


@dataclass(frozen=True)
class _Reader:
    """Checks one file, field by field."""

    file: str
    table: Mapping[str, Any]

    def read(self) -> Source:
        self._check_forms()
        table = self.table
        source_id = Path(self.file).stem
        if not _ID.fullmatch(source_id):
            raise self._error("name of the file", "write it in small letters, digits and hyphens")
        return Source(
            source_id=source_id,
            name=table["name"],
            publisher=table["publisher"],
            spider=self._spider(),
            hosts=self._hosts(),
            start=self._start(),
            licence_tier=self._tier(),
            crawl_delay_s=self._delay(),
            robots_note=table["robots_note"],
            kind=self._kind(),
            options=table.get("options", {}),
            expect=self._expect(),
            looks=self._looks(),
        )

    def _error(self, name: str, advice: str) -> InvalidInputError:
        return InvalidInputError(f"In the source file {self.file}, the field {name!r}: {advice}.")

    def _check_forms(self) -> None:
        for name in self.table:
            if name not in _FORMS:
                raise self._error(name, f"there is none of this name, only {', '.join(_FORMS)}")
        for name, (fits, words) in _FORMS.items():
            if name not in self.table:
                if name not in _OPTIONAL:
                    raise self._error(name, f"it is missing; give {words}")
            elif not fits(self.table[name]):
                raise self._error(name, f"give {words}, not {self.table[name]!r}")

    def _spider(self) -> str:
        spider: str = self.table["spider"]
        if spider == FOLDER:
            return spider
        known = _MODULE.fullmatch(spider) and importlib.util.find_spec(f"ingest.spiders.{spider}")
        if not known:
            raise self._error("spider", f"ingest/spiders has no module {spider!r}")
        return spider

    def _hosts(self) -> tuple[str, ...]:
        hosts = tuple(self.table["hosts"])
        for host in hosts:
            if not _HOST.fullmatch(host):
                raise self._error(
                    "hosts",
                    f"{host!r} is not a bare host name; write it as www.example.org, in small "
                    "letters, without scheme, port or path",
                )
        if (self.table["spider"] == FOLDER) == bool(hosts):
            raise self._error("hosts", "name every host that is asked; a watched folder asks none")
        return hosts

    def _start(self) -> tuple[str, ...]:
        start = tuple(self.table["start"])
        if not start:
            raise self._error("start", "give at least one address to begin at")
        if self.table["spider"] == FOLDER:
            return start
        for address in start:
            parts = urlsplit(address)
            if parts.scheme not in ("http", "https") or parts.netloc not in self.table["hosts"]:
                raise self._error(
                    "start",
                    f"{address!r} is not an http or https address of one of its hosts; mend it, "
                    "or add its host to 'hosts'",
                )
        return start

    def _tier(self) -> LicenceTier:
        tier = self.table["licence_tier"]
        if tier not in [allowed.value for allowed in _CRAWLED_TIERS]:
            raise self._error(
                "licence_tier", f"give A, B or C; what is of tier {tier} must not be crawled"
            )
        return LicenceTier(tier)

    def _delay(self) -> float:
        delay = float(self.table["crawl_delay_s"])
        if self.table["spider"] != FOLDER and not _LEAST_DELAY_S <= delay <= 3600:
            raise self._error("crawl_delay_s", "give between 1 second and 3600")
        return delay

    def _kind(self) -> Kind | None:
        kind = self.table.get("kind")
        if kind is None:
            return None
        if kind not in [known.value for known in Kind] or kind == Kind.DIGEST:
            raise self._error("kind", f"give {_FORMS['kind'][1]}, and never digest, not {kind!r}")
        return Kind(kind)

    def _expect(self) -> Mapping[str, float]:
        for name, share in self.table.get("expect", {}).items():
            if name not in FIELDS:
                raise self._error(f"expect.{name}", f"it can be one of {', '.join(FIELDS)}")
            if not _is_number(share) or not 0 <= share <= 1:
                raise self._error(f"expect.{name}", f"give a share from 0 to 1, not {share!r}")
        return {name: float(share) for name, share in self.table.get("expect", {}).items()}

    def _looks(self) -> Mapping[str, str]:
        looks: Mapping[str, str] = self.table.get("looks", {})
        for name, pattern in looks.items():
            if name not in FIELDS:
                raise self._error(f"looks.{name}", f"it can be one of {', '.join(FIELDS)}")
            try:
                re.compile(pattern)
            except (re.error, TypeError) as error:
                raise self._error(f"looks.{name}", f"it is no pattern: {error}") from error
        return looks
