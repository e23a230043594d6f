"""The form in which a coder writes down codes: read as sent, checked, kept as a draft."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from corpus.codings import LONGEST_NOTE
from corpus.model import Attribution, Code, Kind, Level, Stance
from nlp.codebook import Codebook

MOST_ROWS = 30

CONFIRM, OVERTURN = "confirm", "overturn"
CONFIRMED, CHANGED, OVERTURNED, LEFT = "confirmed", "changed", "overturned", "left"
"""What becomes of a code that was shown; ``left`` is a possible one that nobody took up."""

_SEPARATOR = "|"


@dataclass(frozen=True, kw_only=True)
class CodeRow:
    """One line of the form; empty texts are fields not chosen yet."""

    theme: str = ""
    stance: str = ""
    level: str = ""
    attribution: str = ""
    was: str = ""
    """The machine's code that the line began as; empty for a line of the coder's own."""
    possible: bool = False
    """The machine's, below its confident cut: it may be left undecided."""
    decision: str = ""
    """``confirm`` or ``overturn``, for the machine's."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was chosen in a line of one’s own; who speaks is preset."""
        return not (self.was or self.theme or self.stance or self.level)

    @property
    def text(self) -> str:
        """The four fields as one text."""
        return _SEPARATOR.join((self.theme, self.stance, self.level, self.attribution))


@dataclass(frozen=True, kw_only=True)
class CodeForm:
    """Everything that a coder can fill in for one passage."""

    token: str
    rows: tuple[CodeRow, ...] = ()
    reforms: tuple[str, ...] = ()
    note: str = ""
    seen: str = ""
    """Which tagger's codes it showed, as :mod:`web.desk.seen` signed it."""

    def with_blank(self, attribution: Attribution, *, more: int = 1) -> "CodeForm":
        """The form with empty lines at its end, for further codes."""
        filled = tuple(row for row in self.rows if not row.is_empty)
        blank = (CodeRow(attribution=attribution.value),) * more
        return replace(self, rows=(*filled, *blank)[:MOST_ROWS])


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What a form says, once it says something definite."""

    codes: tuple[Code, ...] = ()
    decisions: tuple[Mapping[str, str], ...] = ()
    problems: tuple[str, ...] = ()
    """Sentences; with any, nothing is decided."""


def read_form(sent: MultiDict[str, str]) -> CodeForm:
    """Read a form as it was sent, whatever it says."""
    rows = []
    for number in range(MOST_ROWS):
        if f"theme-{number}" not in sent:
            break
        fields = {
            name: sent.get(f"{name}-{number}", "").strip()
            for name in ("theme", "stance", "level", "attribution", "was", "decision")
        }
        rows.append(CodeRow(**fields, possible=sent.get(f"possible-{number}") == "1"))
    return CodeForm(
        token=sent.get("token", "")[:60],
        rows=tuple(rows),
        reforms=tuple(dict.fromkeys(sent.getlist("reform"))),
        note=sent.get("note", "").replace("\r\n", "\n").replace("\0", ""),
        seen=sent.get("seen", "")[:500],
    )


def form_contents(form: CodeForm) -> dict[str, Any]:
    """Write a form as JSON, to be kept as a draft."""
    return {
        "rows": [asdict(row) for row in form.rows],
        "reforms": list(form.reforms),
        "note": form.note,
        "seen": form.seen,
    }


def draft_form(contents: Mapping[str, Any], *, token: str) -> CodeForm:
    """Read a draft back into a form."""
    return CodeForm(
        token=token,
        rows=tuple(CodeRow(**row) for row in contents.get("rows", ())),
        reforms=tuple(contents.get("reforms", ())),
        note=contents.get("note", ""),
        seen=contents.get("seen", ""),
    )


def row_of(code: Code, *, was: bool = False, possible: bool = False) -> CodeRow:
    """A line that begins as a code; ``was`` where it is the machine's."""
    row = CodeRow(
        theme=code.theme,
        stance=code.stance.value,
        level=code.level.value,
        attribution=code.attribution.value,
        possible=possible,
    )
    return replace(row, was=row.text) if was else row


def decide(form: CodeForm, codebook: Codebook) -> Decided:
    """Work out which codes a form states.

    Every code of the machine that was shown must be confirmed or overturned, but for
    possible ones; every line of the coder's own must be whole.
    """
    codes: list[Code] = []
    decisions: list[Mapping[str, str]] = []
    problems: list[str] = []
    for number, row in enumerate(form.rows, start=1):
        if row.is_empty:
            continue
        outcome = _outcome(row)
        if outcome is None:
            problems.append(f"Code {number} is the machine’s: confirm it or overturn it.")
            continue
        if row.was:
            decisions.append({"code": row.was, "decision": outcome})
        if outcome in {OVERTURNED, LEFT}:
            continue
        code, wrong = _code(row, codebook)
        if code is None:
            problems.append(f"Code {number}: {wrong}.")
        else:
            codes.append(code)
    problems += [*_clashes(codes, codebook), *note_problems(form)]
    known = {reform.reform_id for reform in codebook.reforms}
    problems += [f"There is no reform {each!r}." for each in form.reforms if each not in known]
    if problems:
        return Decided(problems=tuple(problems))
    return Decided(codes=tuple(codes), decisions=tuple(decisions))


def confirm_all(form: CodeForm) -> CodeForm:
    """The form with every confident code of the machine confirmed that is not overturned."""
    rows = tuple(
        replace(row, decision=CONFIRM) if row.was and not row.possible and not row.decision else row
        for row in form.rows
    )
    return replace(form, rows=rows)


def decide_none(form: CodeForm) -> Decided:
    """Decide that there is no theme: everything that the machine found is overturned."""
    for row in form.rows:
        if (row.was and row.decision == CONFIRM) or (not row.was and row.theme):
            return Decided(
                problems=("Codes are filled in: overturn or clear them first, or save them.",)
            )
    if problems := note_problems(form):
        return Decided(problems=problems)
    decisions = tuple(
        {"code": row.was, "decision": LEFT if row.possible else OVERTURNED}
        for row in form.rows
        if row.was
    )
    return Decided(decisions=decisions)


def note_problems(form: CodeForm) -> tuple[str, ...]:
    """Say where a note is too long; it is never cut without a word."""
    if len(form.note) <= LONGEST_NOTE:
        return ()
    return (f"The note has {len(form.note):,} characters; {LONGEST_NOTE:,} are the most.",)


def whole_codes(form: CodeForm, codebook: Codebook) -> tuple[Code, ...]:
    """The codes that a form states so far, leaving out what is not whole."""
    kept = [row for row in form.rows if not row.is_empty and row.decision != OVERTURN]
    codes = (_code(row, codebook)[0] for row in kept)
    return tuple(dict.fromkeys(code for code in codes if code is not None))


def default_attribution(kind: Kind) -> Attribution:
    """Who speaks in a document of this kind, unless it says otherwise (codebook, section 6.4)."""
    if kind is Kind.REVIEW:
        return Attribution.OWN_VOICE
    return Attribution.REPORTED if kind is Kind.DIGEST else Attribution.CLAIM


def _outcome(row: CodeRow) -> str | None:
    """What became of a line: ``None`` where the coder has still to say."""
    if not row.was:
        return CONFIRMED
    if row.decision == OVERTURN:
        return OVERTURNED
    if row.decision == CONFIRM:
        return CONFIRMED if row.text == row.was else CHANGED
    return LEFT if row.possible else None


def _code(row: CodeRow, codebook: Codebook) -> tuple[Code | None, str]:
    if row.theme not in codebook.rollup:
        return None, "choose a theme"
    for value, kind, name in (
        (row.stance, Stance, "a stance"),
        (row.level, Level, "a level"),
        (row.attribution, Attribution, "who says so"),
    ):
        if value not in set(kind):
            return None, f"choose {name}"
    return Code(
        theme=row.theme,
        stance=Stance(row.stance),
        level=Level(row.level),
        attribution=Attribution(row.attribution),
    ), ""


def _clashes(codes: Sequence[Code], codebook: Codebook) -> Iterable[str]:
    seen = set()
    for code in codes:
        key = (code.theme, code.stance, code.level)
        if key in seen:
            label = codebook.theme(code.theme).label
            yield f"“{label}” stands twice with the same stance and level: keep one."
        seen.add(key)
