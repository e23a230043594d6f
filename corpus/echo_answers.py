"""What people say of echoes: whether two findings are the same failing; kept for good."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from corpus import tables as t
from corpus.errors import InvalidInputError, PassageNotFoundError
from corpus.ids import PassageId
from corpus.store import Store, inserted_number
from corpus.tombstones import raise_missing

LONGEST_PERSON = 80
LONGEST_NOTE = 2000

Pair = tuple[PassageId, PassageId]
"""Two passages, the smaller id first."""


class SameFailing(StrEnum):
    """Whether two findings are of the same failing (docs/echoes.md has the rule)."""

    SAME = "same"
    RELATED = "related"
    DIFFERENT = "different"


@dataclass(frozen=True, kw_only=True)
class EchoAnswer:
    """One person's answer on one pair of passages, with what they were shown."""

    pair: Pair
    answer: SameFailing
    person: str
    answered_at: dt.datetime
    codebook_version: str
    tagger_version: str
    echo_version: str
    """The rules and weights that offered the echo."""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """How people answered on one pair, each person's latest answer counted once."""

    same: int = 0
    related: int = 0
    different: int = 0

    @property
    def people(self) -> int:
        """How many people have answered."""
        return self.same + self.related + self.different

    @property
    def speaks_against(self) -> bool:
        """Whether more people call the two different than call them same or related."""
        return self.different > self.same + self.related


def pair_of(one: str, other: str) -> Pair:
    """Name a pair whichever passage it was seen from.

    Raises:
        InvalidInputError: it is one passage twice, or an id has not the form of one.
    """
    if one == other:
        raise InvalidInputError(f"The passage {one!r} is no echo of itself.")
    first, second = sorted((PassageId(one), PassageId(other)))
    return first, second


def add_echo_answer(store: Store, answer: EchoAnswer) -> int:
    """Append an answer; returns its number. Nothing is ever overwritten.

    Raises:
        InvalidInputError: nobody is named, or a text is too long.
        PassageNotFoundError: a passage is not held.
        WithdrawnError: it was, and was withdrawn.
    """
    if not answer.person.strip() or len(answer.person) > LONGEST_PERSON:
        raise InvalidInputError(f"Name who answers, in at most {LONGEST_PERSON} characters.")
    if len(answer.note) > LONGEST_NOTE:
        raise InvalidInputError(f"A note has at most {LONGEST_NOTE} characters.")
    row = {name: getattr(answer, name) for name in _COLUMNS}
    first, second = answer.pair
    with store.writing() as connection:
        for passage_id in answer.pair:
            this = sa.select(t.passages.c.passage_id).where(t.passages.c.passage_id == passage_id)
            if connection.scalar(this) is None:
                raise_missing(connection, passage_id, PassageNotFoundError(passage_id))
        added = connection.execute(
            sa.insert(t.echo_answers).values(
                first_passage_id=first, second_passage_id=second, **row
            )
        )
        return inserted_number(added)


def iter_echo_answers(store: Store, *, passage_id: str | None = None) -> Iterator[EchoAnswer]:
    """Read every answer, oldest first; with ``passage_id`` those of pairs with this passage."""
    query = sa.select(t.echo_answers).order_by(t.echo_answers.c.answer_id)
    if passage_id is not None:
        query = query.where(
            sa.or_(
                t.echo_answers.c.first_passage_id == passage_id,
                t.echo_answers.c.second_passage_id == passage_id,
            )
        )
    with store.reading() as connection:
        rows = connection.execute(query).mappings().all()
    yield from map(_answer_from_row, rows)


def standing_answers(answers: Iterable[EchoAnswer]) -> dict[Pair, dict[str, EchoAnswer]]:
    """Keep each person's latest answer on each pair; ``answers`` come oldest first."""
    standing: dict[Pair, dict[str, EchoAnswer]] = {}
    for answer in answers:
        standing.setdefault(answer.pair, {})[answer.person] = answer
    return standing


def opinions_on(store: Store, passage_id: str, others: Sequence[str]) -> dict[str, Opinion]:
    """How people answered on a passage and each of several others, in one query.

    Returns:
        By the other's id; those on which nobody answered are left out.
    """
    wanted = set(others)
    standing = standing_answers(iter_echo_answers(store, passage_id=passage_id))
    found: dict[str, Opinion] = {}
    for (first, second), by_person in standing.items():
        other = second if first == passage_id else first
        if other in wanted:
            found[other] = _opinion(by_person)
    return found


def _opinion(by_person: Mapping[str, EchoAnswer]) -> Opinion:
    given = [answer.answer for answer in by_person.values()]
    return Opinion(
        same=given.count(SameFailing.SAME),
        related=given.count(SameFailing.RELATED),
        different=given.count(SameFailing.DIFFERENT),
    )


_COLUMNS = (
    "answer",
    "person",
    "answered_at",
    "codebook_version",
    "tagger_version",
    "echo_version",
    "note",
)


def _answer_from_row(row: Mapping[Any, Any]) -> EchoAnswer:
    values = {name: row[name] for name in _COLUMNS}
    return EchoAnswer(
        pair=(PassageId(row["first_passage_id"]), PassageId(row["second_passage_id"])),
        **(values | {"answer": SameFailing(row["answer"])}),
    )
