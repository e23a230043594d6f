"""Reading passages and labels from JSON lines, with errors that name file and line."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import InvalidInputError
from corpus.model import Attribution, Code, Kind, Level, Stance

# codebook 6.4 uses these words; files from outside may too
_ATTRIBUTION_WORDS = {"finding": "own-voice", "reported-finding": "reported"}


class JsonLinesError(InvalidInputError):
    """A line of a JSONL file is not what its reader needs."""

    code = "json-lines"

    def __init__(self, name: str, line: int, problem: str) -> None:
        """Name the file, the line (from 1) and what was wrong with it."""
        super().__init__(f"{name}, line {line}: {problem}")
        self.name = name
        self.line = line


@dataclass(frozen=True, kw_only=True)
class InputPassage:
    """A passage handed to ``tag`` or ``evaluate`` from outside the store."""

    passage_id: str
    text: str
    kind: Kind = Kind.OTHER


@dataclass(frozen=True, kw_only=True)
class LabelledPassage:
    """What coders gave one passage: its codes, possibly none."""

    passage_id: str
    codes: tuple[Code, ...]
    on_topic: bool | None = None


def read_json_lines(lines: Iterable[str], *, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each line's object with its line number, from 1; blank lines are passed over.

    Args:
        lines: an open text file or any lines.
        name: what to call the source in errors: a file name, or ``stdin``.

    Raises:
        JsonLinesError: a line is not one JSON object.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except json.JSONDecodeError as error:
            raise JsonLinesError(name, number, f"not JSON ({error.msg}).") from error
        if not isinstance(value, dict):
            raise JsonLinesError(name, number, "not a JSON object.")
        yield number, value


def read_passages(lines: Iterable[str], *, name: str) -> Iterator[InputPassage]:
    """Yield passages ``{"id", "text", "kind"?}`` in order; other keys are ignored.

    Raises:
        JsonLinesError: a malformed line, a missing or non-text ``id`` or ``text``, an
            unknown ``kind``, or an id that came before.
    """
    seen: set[str] = set()
    for number, row in read_json_lines(lines, name=name):
        passage_id = _text_of(row, "id", name, number)
        if passage_id in seen:
            raise JsonLinesError(name, number, f"the id {passage_id!r} came before.")
        seen.add(passage_id)
        kind = _choice(Kind, row.get("kind") or "other", "kind", name, number)
        yield InputPassage(
            passage_id=passage_id, text=_text_of(row, "text", name, number), kind=Kind(kind)
        )


def read_passage_file(path: Path) -> list[InputPassage]:
    """Read a whole file of passages; see :func:`read_passages`.

    Raises:
        InvalidInputError: the file cannot be read, is not UTF-8, or a line is malformed.
    """
    return list(read_passages(_lines_of(path), name=path.name))


def read_label_file(path: Path) -> list[LabelledPassage]:
    """Read labels ``{"id", "codes": [...], "on_topic"?}``, one a line.

    Raises:
        InvalidInputError: the file cannot be read, is not UTF-8, or a line is malformed.
    """
    labels = []
    seen: set[str] = set()
    for number, row in read_json_lines(_lines_of(path), name=path.name):
        passage_id = _text_of(row, "id", path.name, number)
        if passage_id in seen:
            raise JsonLinesError(path.name, number, f"the id {passage_id!r} came before.")
        seen.add(passage_id)
        codes = codes_of(row, name=path.name, line=number)
        on_topic = row.get("on_topic")
        labels.append(LabelledPassage(passage_id=passage_id, codes=codes, on_topic=on_topic))
    return labels


def codes_of(row: Mapping[str, Any], *, name: str, line: int) -> tuple[Code, ...]:
    """Read a row's ``codes``; ``finding`` and ``reported-finding`` are read as our words.

    Raises:
        JsonLinesError: codes are missing or one of them is malformed.
    """
    codes = row.get("codes")
    if not isinstance(codes, list) or not all(isinstance(code, dict) for code in codes):
        raise JsonLinesError(name, line, '"codes" must be a list of objects.')
    return tuple(_code_of(code, name, line) for code in codes)


def _code_of(code: Mapping[str, Any], name: str, line: int) -> Code:
    said = code.get("attribution")
    attribution = _ATTRIBUTION_WORDS.get(said, said) if isinstance(said, str) else said
    return Code(
        theme=_text_of(code, "theme", name, line),
        stance=Stance(_choice(Stance, code.get("stance"), "stance", name, line)),
        level=Level(_choice(Level, code.get("level"), "level", name, line)),
        attribution=Attribution(_choice(Attribution, attribution, "attribution", name, line)),
    )


def _text_of(row: Mapping[str, Any], key: str, name: str, line: int) -> str:
    value = row.get(key)
    if not isinstance(value, str) or (key != "text" and not value):
        raise JsonLinesError(name, line, f'"{key}" must be text.')
    return value


def _choice(
    values: type[Kind] | type[Stance] | type[Level] | type[Attribution],
    value: object,
    key: str,
    name: str,
    line: int,
) -> str:
    known = [str(member) for member in values]
    if value not in known:
        raise JsonLinesError(name, line, f'"{key}" is {value!r}, not one of {", ".join(known)}.')
    return str(value)


def _lines_of(path: Path) -> list[str]:
    try:
        # Not splitlines(): JSON text may hold U+2028, which is no end of a line here.
        return path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise InvalidInputError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"{path} is not UTF-8 text.") from error
