"""Passages that people coded, as rows for training, and what is kept away from it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from corpus.catalogue import load_catalogue
from corpus.errors import InvalidInputError
from corpus.ids import sha256_text
from corpus.model import Kind
from nlp.codebook import load_codebook
from nlp.jsonl import JsonLinesError, codes_of, read_json_lines
from nlp.training_rows import TrainingRow, text_key

FOLDS = 5
"""How many parts the cases are dealt into; a part is labelled by heads that never saw it."""

_EVALUATED = "data/evaluation_texts.txt"


@dataclass(frozen=True, kw_only=True)
class JudgedRow:
    """A passage with the codes that people gave it, and the case that it tells of."""

    row: TrainingRow
    case: str
    """Rows of one case are dealt into one part together."""

    @property
    def key(self) -> str:
        """The text's key; see :func:`nlp.training_rows.text_key`."""
        return text_key(self.row.text)


@cache
def evaluated_keys() -> frozenset[str]:
    """The keys of all texts that the tagger is measured on: they must never train it.

    They are those of the evaluation sets, kept as keys alone because some texts are not
    ours, and those of the catalogue, whose hand codes it is measured against too.
    """
    text = files("nlp").joinpath(_EVALUATED).read_text(encoding="utf-8")
    listed = {line for line in text.splitlines() if line and not line.startswith("#")}
    catalogue = {text_key(passage.text) for entry in load_catalogue() for passage in entry.passages}
    return frozenset(listed | catalogue)


def write_judged_rows(rows: Iterable[JudgedRow]) -> str:
    """Write rows as JSON lines, as the training files that ship have them, with their case."""
    lines = [
        json.dumps(
            {
                "id": each.row.row_id,
                "text": each.row.text,
                "kind": each.row.kind.value,
                "codes": [
                    {
                        "theme": code.theme,
                        "stance": code.stance.value,
                        "level": code.level.value,
                        "attribution": code.attribution.value,
                    }
                    for code in each.row.codes
                ],
                "case": each.case,
            },
            ensure_ascii=False,
        )
        for each in rows
    ]
    return "".join(f"{line}\n" for line in lines)


def read_judged_rows(path: Path) -> tuple[JudgedRow, ...]:
    """Read rows that :func:`write_judged_rows` wrote.

    Raises:
        InvalidInputError: the file cannot be read, a line is malformed or names a theme that
            the codebook lacks, or a text is one that the tagger is measured on.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"{path} cannot be read as UTF-8 text: {error}.") from error
    rows = []
    for number, line in read_json_lines(lines, name=path.name):
        text, case = line.get("text"), line.get("case")
        if not isinstance(text, str) or not text.strip() or not isinstance(case, str) or not case:
            raise JsonLinesError(path.name, number, '"text" and "case" must be text.')
        if text_key(text) in evaluated_keys():
            raise JsonLinesError(
                path.name, number, "the tagger is measured on this text, so it cannot train it."
            )
        if line.get("kind") not in list(Kind):
            raise JsonLinesError(path.name, number, '"kind" is no kind of document.')
        codes = codes_of(line, name=path.name, line=number)
        for code in codes:
            if code.theme not in load_codebook().rollup:
                raise JsonLinesError(path.name, number, f"no theme {code.theme!r} is known.")
        row = TrainingRow(
            row_id=f"judged:{number}", text=text, kind=Kind(line["kind"]), codes=codes
        )
        rows.append(JudgedRow(row=row, case=case))
    return tuple(rows)


def deal_folds(rows: Sequence[JudgedRow]) -> Mapping[str, int]:
    """Deal the texts into parts by case: text key → part, from 0.

    Cases that share a text are dealt as one. A case's part depends on its name alone and
    not on the other cases, unless they share a text.
    """
    joined: dict[str, str] = {}

    def root(case: str) -> str:
        while joined.setdefault(case, case) != case:
            case = joined[case]
        return case

    holder: dict[str, str] = {}
    for each in rows:
        first, own = root(holder.setdefault(each.key, each.case)), root(each.case)
        joined[max(first, own)] = min(first, own)
    return {
        key: int(sha256_text(root(case))[:8], 16) % FOLDS for key, case in sorted(holder.items())
    }
