"""Accounts of the coding desk: who may code, their passwords, and browsers signed in."""

import datetime as dt
import hashlib
import re
import secrets
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from corpus import tables as t
from corpus.errors import InvalidInputError, NotFoundError
from corpus.store import Store, inserted_number

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SIGNED_IN_FOR = dt.timedelta(hours=12)
"""A working day; then a coder signs in again, and finds what they had typed."""

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
"""Hashing takes time by length, and whoever signs in is not known yet."""

RESERVED_NAMES = frozenset({"catalogue", "machine"})
"""Names that judgements and answers carry already, for what is no account."""

_NAME = re.compile(r"\w(?:[\w .'-]{0,38}\w)?")


class Role(StrEnum):
    """What an account may do."""

    CODER = "coder"
    LEAD = "lead"
    """Codes too, draws what is coded, and decides where coders differ."""


class CoderNotFoundError(NotFoundError):
    """No account has this name."""

    code = "coder-not-found"

    def __init__(self, name: str) -> None:
        """Keep the name, so callers need not parse the message."""
        super().__init__(f"No coder {name!r}. List them with: throughline coder list")
        self.name = name


@dataclass(frozen=True, kw_only=True)
class Coder:
    """An account; it has no other data of a person than the name they chose."""

    coder_id: int
    name: str
    """Stands beside every judgement, also in exports and snapshots; may be initials."""
    role: Role
    created_at: dt.datetime
    disabled_at: dt.datetime | None = None

    @property
    def is_lead(self) -> bool:
        """Whether they may draw, see everybody's progress and adjudicate."""
        return self.role is Role.LEAD

    @property
    def is_active(self) -> bool:
        """Whether they can sign in."""
        return self.disabled_at is None


def add_coder(store: Store, name: str, role: Role, password: str, *, at: dt.datetime) -> Coder:
    """Add an account.

    Raises:
        InvalidInputError: the name is taken, reserved or cannot be one, or the password is
            too short, too long or the name itself.
    """
    name = _checked_name(name)
    row = {
        "name": name,
        "name_key": name.casefold(),
        "role": role.value,
        "password_hash": _hasher().hash(_checked_password(password, name)),
        "created_at": at,
    }
    with store.writing(content=False) as connection:
        if connection.scalar(_by_name(name)) is not None:
            raise InvalidInputError(
                f"There is a coder {name!r} already, perhaps disabled; a name is never used twice."
            )
        number = inserted_number(connection.execute(sa.insert(t.coders).values(row)))
    return Coder(coder_id=number, name=name, role=role, created_at=at)


def list_coders(store: Store) -> list[Coder]:
    """List the accounts, disabled ones too, by name."""
    with store.reading() as connection:
        rows = connection.execute(sa.select(t.coders).order_by(t.coders.c.name_key)).all()
    return [_coder(row) for row in rows]


def get_coder(store: Store, name: str) -> Coder:
    """Read an account by its name, in any case.

    Raises:
        CoderNotFoundError: there is none.
    """
    with store.reading() as connection:
        row = connection.execute(_by_name(name)).first()
    if row is None:
        raise CoderNotFoundError(name)
    return _coder(row)


def desk_is_open(store: Store) -> bool:
    """Whether anybody could sign in."""
    active = sa.exists().where(t.coders.c.disabled_at.is_(None))
    with store.reading() as connection:
        return bool(connection.scalar(sa.select(active)))


def set_password(store: Store, name: str, password: str) -> None:
    """Give an account a new password; every browser signed in with it is signed out.

    Raises:
        CoderNotFoundError: there is no such account.
        InvalidInputError: the password is too short, too long or the name itself.
    """
    coder = get_coder(store, name)
    hashed = _hasher().hash(_checked_password(password, coder.name))
    _change(store, coder, {"password_hash": hashed})


def disable_coder(store: Store, name: str, *, at: dt.datetime) -> None:
    """Close an account for good and sign it out everywhere; what it judged stays.

    Raises:
        CoderNotFoundError: there is no such account.
    """
    coder = get_coder(store, name)
    if coder.is_active:
        _change(store, coder, {"disabled_at": at})


def check_password(store: Store, name: str, password: str) -> Coder | None:
    """Find the active account of a name and password; ``None`` for anything else.

    Takes as long for a name that nobody has as for a wrong password.
    """
    from argon2.exceptions import VerificationError  # noqa: PLC0415 - as in _hasher

    nobodys = _nobodys_hash()  # made before it is needed: making it takes as long again
    with store.reading() as connection:
        row = connection.execute(_by_name(name)).first()
    try:
        _hasher().verify(row.password_hash if row else nobodys, password[:LONGEST_PASSWORD])
    except VerificationError:
        return None
    if row is None or row.disabled_at is not None or len(password) > LONGEST_PASSWORD:
        return None
    if _hasher().check_needs_rehash(row.password_hash):
        with store.writing(content=False) as connection:
            connection.execute(
                sa.update(t.coders)
                .where(t.coders.c.coder_id == row.coder_id)
                .values(password_hash=_hasher().hash(password))
            )
    return _coder(row)


def begin_sign_in(store: Store, coder: Coder, *, now: dt.datetime) -> str:
    """Sign a browser in; gives the token that its cookie holds, of which we keep a hash."""
    token = secrets.token_urlsafe(32)
    with store.writing(content=False) as connection:
        old = t.sign_ins.c.begun_at < now - SIGNED_IN_FOR
        connection.execute(sa.delete(t.sign_ins).where(old))
        connection.execute(
            sa.insert(t.sign_ins).values(
                token_sha256=_hash(token), coder_id=coder.coder_id, begun_at=now
            )
        )
    return token


def signed_in(store: Store, token: str, *, now: dt.datetime) -> Coder | None:
    """Find who is signed in with a token; ``None`` where that has ended."""
    query = (
        sa.select(t.coders)
        .join(t.sign_ins)
        .where(
            t.sign_ins.c.token_sha256 == _hash(token),
            t.sign_ins.c.begun_at >= now - SIGNED_IN_FOR,
            t.coders.c.disabled_at.is_(None),
        )
    )
    with store.reading() as connection:
        row = connection.execute(query).first()
    return _coder(row) if row else None


def end_sign_in(store: Store, token: str) -> None:
    """Sign one browser out; a second time is no failure."""
    with store.writing(content=False) as connection:
        ended = t.sign_ins.c.token_sha256 == _hash(token)
        connection.execute(sa.delete(t.sign_ins).where(ended))


def _change(store: Store, coder: Coder, values: dict[str, Any]) -> None:
    with store.writing(content=False) as connection:
        this = t.coders.c.coder_id == coder.coder_id
        connection.execute(sa.update(t.coders).where(this).values(values))
        of_theirs = t.sign_ins.c.coder_id == coder.coder_id
        connection.execute(sa.delete(t.sign_ins).where(of_theirs))


def _by_name(name: str) -> sa.Select[Any]:
    return sa.select(t.coders).where(t.coders.c.name_key == name.strip().casefold())


def _coder(row: sa.Row[Any]) -> Coder:
    return Coder(
        coder_id=row.coder_id,
        name=row.name,
        role=Role(row.role),
        created_at=row.created_at,
        disabled_at=row.disabled_at,
    )


def _checked_name(name: str) -> str:
    name = name.strip()
    if not _NAME.fullmatch(name):
        raise InvalidInputError(
            f"{name!r} cannot be a coder's name: take up to 40 letters, digits, spaces, dots, "
            "hyphens or apostrophes."
        )
    if name.casefold() in RESERVED_NAMES:
        raise InvalidInputError(f"The name {name!r} stands for something else; take another.")
    return name


def _checked_password(password: str, name: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise InvalidInputError(
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; a sentence "
            "is a good one."
        )
    if name.casefold() in password.casefold() and len(password) - len(name) < SHORTEST_PASSWORD:
        raise InvalidInputError("The password is little more than the name; take another.")
    return password


def _hash(token: str) -> str:
    # No salt and no slow hash: the token is 256 random bits, and nobody guesses those.
    return hashlib.sha256(token.encode()).hexdigest()


@cache
def _hasher() -> "PasswordHasher":
    # Imported here: only what signs in or sets a password needs it.
    from argon2 import PasswordHasher  # noqa: PLC0415

    return PasswordHasher()


@cache
def _nobodys_hash() -> str:
    return _hasher().hash(secrets.token_urlsafe(32))
