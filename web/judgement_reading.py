"""Judgements read from files: each line is taken, or named with what is wrong with it."""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from corpus.coders import RESERVED_NAMES
from corpus.codings import LONGEST_NOTE
from corpus.errors import InvalidInputError
from corpus.export_files import inert_text
from corpus.ids import PassageId
from corpus.judgement_records import JudgementRecord
from corpus.model import Attribution, Code, Judgement, Level, Stance
from nlp.codebook import Codebook
from web.judgement_files import COLUMNS, SEPARATOR, Format

Chosen = TypeVar("Chosen", Stance, Level, Attribution)

LONGEST_CODER = 80
_CODE_FIELDS = ("theme", "stance", "level", "attribution")

MachineCodes = Callable[[str], frozenset[Code]]
"""Passage id → what the machine is confident of there."""


@dataclass(frozen=True, kw_only=True)
class ReadLine:
    """A record with the line that it came from: for CSV the first of its lines."""

    line: int
    record: JudgementRecord


@dataclass(frozen=True, kw_only=True)
class ReadFile:
    """What a file holds, and what could not be read of it."""

    lines: tuple[ReadLine, ...]
    problems: tuple[tuple[int, str], ...]
    """Line and sentence."""


def read_judgements_file(
    text: str,
    format_: Format,
    *,
    codebook: Codebook,
    machine: MachineCodes,
    now: dt.datetime,
) -> ReadFile:
    """Read a file of judgements.

    Args:
        text: the file.
        format_: how it is written.
        codebook: whose themes and reforms may stand in it, retired ones too.
        machine: what the machine found: a task of Prodigy's that was rejected says only that
            its codes do not hold, which is a judgement where they are all there are.
        now: stands for a time that the file does not say.

    Raises:
        InvalidInputError: a CSV lacks its head.
    """
    reader = _Reader(codebook, machine, now)
    if format_ == "csv":
        groups: Iterable[tuple[int, Callable[[], JudgementRecord]]] = reader.csv_groups(text)
    else:
        one = reader.plain if format_ == "jsonl" else reader.task
        groups = (
            (number, _bound(one, line))
            for number, line in enumerate(file_lines(text), start=1)
            if line.strip()
        )
    lines, problems = [], []
    for number, read in groups:
        try:
            lines.append(ReadLine(line=number, record=read()))
        except InvalidInputError as error:
            problems.append((number, str(error)))
    return ReadFile(lines=tuple(lines), problems=tuple(problems))


def file_lines(text: str) -> list[str]:
    """Split a file at its line ends alone: JSON may hold U+2028 or U+0085 as they are."""
    return text.replace("\r\n", "\n").removesuffix("\n").split("\n")


def _bound(one: Callable[[str], JudgementRecord], line: str) -> Callable[[], JudgementRecord]:
    return lambda: one(line)


class _Reader:
    """Reads one record at a time; raises InvalidInputError with what is wrong."""

    def __init__(self, codebook: Codebook, machine: MachineCodes, now: dt.datetime) -> None:
        self._codebook = codebook
        self._machine = machine
        self._now = now
        self._reforms = {reform.reform_id for reform in codebook.reforms}

    def plain(self, line: str) -> JudgementRecord:
        return self._record(_object(line))

    def task(self, line: str) -> JudgementRecord:
        """A task as Prodigy keeps it."""
        task = _object(line)
        meta = task.get("meta")
        if not isinstance(meta, dict):
            raise InvalidInputError("'meta' should be an object that holds passage_id.")
        answer = task.get("answer", "accept")
        if answer not in {"accept", "reject", "ignore"}:
            raise InvalidInputError(f"'answer' is {answer!r}, not accept, reject or ignore.")
        spans = task.get("spans") or []
        if not isinstance(spans, list) or not all(isinstance(span, dict) for span in spans):
            raise InvalidInputError("'spans' should be a list of objects.")
        fields = {
            "judged_at": _moment(task.get("_timestamp")),
            "coder": task.get("_annotator_id") or task.get("_annotator") or task.get("_session_id"),
            **{name: value for name, value in meta.items() if value is not None},
            "codes": [_span_code(span) for span in spans],
            "unsure": answer == "ignore",
        }
        record = self._record(fields)
        return record if answer != "reject" else self._rejected(record)

    def csv_groups(self, text: str) -> Iterator[tuple[int, Callable[[], JudgementRecord]]]:
        """The rows of one judgement together, in the order of their first lines."""
        rows = csv.DictReader(io.StringIO(text, newline=""))
        lacking = {"passage_id", "coder", "theme"} - set(_head(rows))
        if lacking:
            raise InvalidInputError(
                f"The first line should name the columns, such as {', '.join(COLUMNS[:4])}; "
                f"it lacks {', '.join(sorted(lacking))}."
            )
        groups: dict[tuple[str, ...], tuple[int, list[dict[str, str]]]] = {}
        for row in _whole_rows(rows):
            cells = {name: _plain_text(cell or "") for name, cell in row.items() if name}
            who = ("judgement", "passage_id", "coder", "judged_at")
            key = tuple(cells.get(name, "") for name in who)
            groups.setdefault(key, (rows.line_num, []))[1].append(cells)
        for number, group in groups.values():
            yield number, self._csv_reader(group)

    def _csv_reader(self, rows: Sequence[Mapping[str, str]]) -> Callable[[], JudgementRecord]:
        def read() -> JudgementRecord:
            first = rows[0]
            codes = [{name: row.get(name, "") for name in _CODE_FIELDS} for row in rows]
            fields: dict[str, Any] = {name: text for name, text in first.items() if text}
            fields |= {
                "codes": [code for code in codes if any(code.values())],
                "reforms": _json_list(first.get("reforms", ""), "reforms"),
                "adjudicates": _json_list(first["adjudicates"], "adjudicates")
                if first.get("adjudicates")
                else None,
                "blind": first.get("blind") == "true",
                "unsure": first.get("unsure") == "true",
            }
            return self._record(fields)

        return read

    def _record(self, fields: Mapping[str, Any]) -> JudgementRecord:
        between = fields.get("adjudicates")
        if between is not None:
            between = tuple(_texts(between, "adjudicates"))
        judged_at = fields.get("judged_at")
        codes = fields.get("codes")
        if not isinstance(codes, list):
            raise InvalidInputError("'codes' should be a list; an empty one for “no theme”.")
        read = tuple(dict.fromkeys(self._code(code) for code in codes))
        if len({(code.theme, code.stance, code.level) for code in read}) < len(read):
            raise InvalidInputError("A theme stands twice with the same stance and level.")
        judgement = Judgement(
            passage_id=PassageId(_text(fields, "passage_id")),
            coder=self._coder(fields),
            judged_at=_time(judged_at) if judged_at else self._now,
            codebook_version=str(fields.get("codebook_version") or self._codebook.version)[:40],
            codes=tuple(sorted(read, key=lambda code: (code.theme, code.stance, code.level))),
            reforms=self._checked_reforms(fields.get("reforms") or []),
            tagger_version=str(fields["tagger_version"])[:40]
            if fields.get("tagger_version")
            else None,
            note=_note(fields.get("note")),
        )
        return JudgementRecord(
            judgement=judgement,
            blind=fields.get("blind") is True,
            adjudicates=between,
            unsure=fields.get("unsure") is True,
            is_timed=bool(judged_at),
        )

    def _coder(self, fields: Mapping[str, Any]) -> str:
        coder = _text(fields, "coder").strip()
        if not coder or len(coder) > LONGEST_CODER or not coder.isprintable():
            raise InvalidInputError(f"'coder' has 1 to {LONGEST_CODER} printable characters.")
        if coder.casefold() in RESERVED_NAMES - {"catalogue"}:
            raise InvalidInputError(f"'coder' is {coder!r}, which is nobody.")
        return coder

    def _code(self, code: object) -> Code:
        if not isinstance(code, dict):
            raise InvalidInputError("A code should be an object with theme, stance and so on.")
        theme = _text(code, "theme")
        known = {*self._codebook.rollup, *(each.theme_id for each in self._codebook.retired)}
        if theme not in known:
            raise InvalidInputError(f"{theme!r} is no theme that can be assigned.")
        return Code(
            theme=theme,
            stance=_choice(Stance, code, "stance"),
            level=_choice(Level, code, "level"),
            attribution=_choice(Attribution, code, "attribution"),
        )

    def _checked_reforms(self, reforms: object) -> tuple[str, ...]:
        texts = tuple(dict.fromkeys(_texts(reforms, "reforms")))
        unknown = [each for each in texts if each not in self._reforms]
        if unknown:
            raise InvalidInputError(f"There is no reform {unknown[0]!r}.")
        return texts

    def _rejected(self, record: JudgementRecord) -> JudgementRecord:
        """What a rejected task says: nothing is there, where it rejects all there is."""
        judgement = record.judgement
        found = self._machine(judgement.passage_id)
        left = found - set(judgement.codes)
        if left or not found:
            raise InvalidInputError(
                "It rejects its codes and does not say what holds instead, so it judges only a "
                "part of the passage. Nothing was taken from it."
            )
        return replace(record, judgement=replace(judgement, codes=()))


def _head(rows: "csv.DictReader[str]") -> Sequence[str]:
    try:
        return rows.fieldnames or ()
    except csv.Error as error:
        raise InvalidInputError(f"The first line cannot be read as CSV: {error}.") from error


def _whole_rows(rows: "csv.DictReader[str]") -> Iterator[dict[str, str]]:
    """The rows of a CSV; where it breaks off, nothing of it can be told apart any more.

    Raises:
        InvalidInputError: a line is no CSV.
    """
    try:
        yield from rows
    except csv.Error as error:
        raise InvalidInputError(
            f"Line {rows.line_num + 1} cannot be read as CSV: {error}. Nothing was taken in."
        ) from error


def _object(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError("It is not JSON.") from error
    if not isinstance(value, dict):
        raise InvalidInputError("It is not a JSON object.")
    return value


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidInputError(f"{name!r} is lacking.")
    return value


def _note(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > LONGEST_NOTE:
        raise InvalidInputError(f"'note' should be a text of up to {LONGEST_NOTE:,} characters.")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidInputError("'note' holds half a character (a lone surrogate).") from error
    return value.replace("\0", "")  # no CSV carries it


def _texts(value: object, name: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise InvalidInputError(f"{name!r} should be a list of texts.")
    return value


def _choice(kind: type[Chosen], code: Mapping[str, Any], name: str) -> Chosen:
    try:
        return kind(str(code.get(name)))
    except ValueError as error:
        known = ", ".join(each.value for each in kind)
        raise InvalidInputError(f"{name!r} is {code.get(name)!r}, none of {known}.") from error


def _span_code(span: Mapping[str, Any]) -> dict[str, Any]:
    parts = str(span.get("label", "")).split(SEPARATOR)
    from_label = dict(zip(_CODE_FIELDS, parts, strict=False))
    return {**from_label, **{name: span[name] for name in _CODE_FIELDS if name in span}}


def _time(value: object) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(str(value))
        if moment.tzinfo is None:
            raise InvalidInputError(f"'judged_at' is {value!r}, without a time zone.")
        return moment.astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidInputError(f"'judged_at' is {value!r}, no ISO 8601 time.") from error


def _moment(value: object) -> str | None:
    """A Unix time, as Prodigy keeps it, in ISO 8601."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        return dt.datetime.fromtimestamp(value, tz=dt.UTC).isoformat()
    except (OverflowError, OSError, ValueError) as error:
        raise InvalidInputError(f"'_timestamp' is {value!r}, no time.") from error


def _json_list(text: str, name: str) -> list[str]:
    if not text:
        return []
    try:
        return _texts(json.loads(text), name)
    except ValueError as error:
        raise InvalidInputError(f"{name!r} should be a list as JSON has it.") from error


def _plain_text(cell: str) -> str:
    """Take away the apostrophe that keeps a cell from being run."""
    return cell[1:] if cell.startswith("'") and inert_text(cell[1:]) == cell else cell
