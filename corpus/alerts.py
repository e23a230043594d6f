"""Who follows which search by e-mail: the address, the search, and nothing else of a person."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus import tables as t
from corpus.errors import NotFoundError
from corpus.ids import short_digest
from corpus.sightings import newest_sighting
from corpus.store import Store

CONFIRM_WITHIN = dt.timedelta(days=7)
"""An address that was not confirmed by then is deleted."""
LINKS_A_DAY = 3
"""Links mailed to one address a day: nobody's mailbox can be filled through us."""

Purpose = Literal["confirm", "leave"]


class AlertNotFoundError(NotFoundError):
    """The link is used up or too old, or nobody follows a search under this id or address."""

    code = "alert-not-found"


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """A search that an address follows."""

    subscription_id: str
    address: str
    search: Mapping[str, str]
    """The search form's fields, without empty ones."""
    search_id: str
    asked_at: dt.datetime
    confirmed_at: dt.datetime | None
    after_sighting: int
    """What was seen up to then belongs to no digest."""


def ask_to_follow(
    store: Store, address: str, search: Mapping[str, str], *, now: dt.datetime
) -> tuple[Subscription, str] | None:
    """Note that somebody wants to follow a search; they must still confirm it.

    Returns:
        The subscription with the token for its link; ``None`` where nothing is to be mailed,
        because the address follows this search already or was mailed enough today.
    """
    search_id = search_name(search)
    with store.writing(content=False) as connection:
        _delete(connection, _too_late(now))
        mailed = sa.select(sa.func.count()).select_from(t.alert_tokens.join(t.subscriptions))
        today = mailed.where(
            t.subscriptions.c.address == address,
            t.alert_tokens.c.purpose == "confirm",
            t.alert_tokens.c.made_at > now - dt.timedelta(days=1),
        )
        if (connection.scalar(today) or 0) >= LINKS_A_DAY:
            return None
        held = connection.execute(
            sa.select(t.subscriptions).where(
                t.subscriptions.c.address == address, t.subscriptions.c.search_id == search_id
            )
        ).first()
        if held is not None and held.confirmed_at is not None:
            return None
        subscription_id = held.subscription_id if held else secrets.token_hex(8)
        if held is None:
            row = {
                "subscription_id": subscription_id,
                "address": address,
                "search": dict(search),
                "search_id": search_id,
                "asked_at": now,
                "after_sighting": 0,
            }
            connection.execute(sa.insert(t.subscriptions).values(row))
        token = _new_token(connection, subscription_id, "confirm", now)
    return get_subscription(store, subscription_id), token


def count_asked_since(store: Store, since: dt.datetime) -> int:
    """How many links for confirming were mailed since, to anybody."""
    query = sa.select(sa.func.count()).where(
        t.alert_tokens.c.purpose == "confirm", t.alert_tokens.c.made_at > since
    )
    with store.reading() as connection:
        return connection.scalar(query) or 0


def confirm(store: Store, token: str, *, now: dt.datetime) -> Subscription:
    """Begin to follow a search; what was seen before is no news. Twice is as once.

    Raises:
        AlertNotFoundError: the link is not ours, or is too old.
    """
    after = newest_sighting(store)
    subscription = subscription_of(store, token, "confirm")
    if subscription.confirmed_at is not None:
        return subscription
    if subscription.asked_at < now - CONFIRM_WITHIN:
        raise AlertNotFoundError("This link is too old. Ask for a new one on the search page.")
    with store.writing(content=False) as connection:
        connection.execute(
            sa.update(t.subscriptions)
            .where(t.subscriptions.c.subscription_id == subscription.subscription_id)
            .values(confirmed_at=now, after_sighting=after)
        )
    return get_subscription(store, subscription.subscription_id)


def subscription_of(store: Store, token: str, purpose: Purpose) -> Subscription:
    """Find whose link this is.

    Raises:
        AlertNotFoundError: nobody's, or no longer.
    """
    query = (
        sa.select(t.subscriptions)
        .join(t.alert_tokens)
        .where(t.alert_tokens.c.token_sha256 == _hashed(token), t.alert_tokens.c.purpose == purpose)
    )
    with store.reading() as connection:
        row = connection.execute(query).first()
    if row is None:
        raise AlertNotFoundError(
            "This link is not known here, or no longer: what it was for may be over already."
        )
    return _subscription(row)


def leave(store: Store, token: str) -> None:
    """Stop following a search: the address and all that was kept with it are deleted.

    Raises:
        AlertNotFoundError: the link is not known, or this was done before.
    """
    remove(store, subscription_of(store, token, "leave").subscription_id)


def remove(store: Store, id_or_address: str) -> int:
    """Delete a subscription, or all of an address; returns how many there were.

    Raises:
        AlertNotFoundError: there is none.
    """
    this = sa.or_(
        t.subscriptions.c.subscription_id == id_or_address,
        t.subscriptions.c.address == id_or_address,
    )
    with store.writing(content=False) as connection:
        removed = _delete(connection, this)
    if not removed:
        raise AlertNotFoundError(
            f"Nobody follows a search as {id_or_address!r}. See: throughline alerts list"
        )
    return removed


def forget_unconfirmed(store: Store, *, now: dt.datetime) -> int:
    """Delete the addresses that were not confirmed in time; returns how many there were."""
    with store.writing(content=False) as connection:
        return _delete(connection, _too_late(now))


def get_subscription(store: Store, subscription_id: str) -> Subscription:
    """Read one.

    Raises:
        AlertNotFoundError: there is none with this id.
    """
    query = sa.select(t.subscriptions).where(t.subscriptions.c.subscription_id == subscription_id)
    with store.reading() as connection:
        row = connection.execute(query).first()
    if row is None:
        raise AlertNotFoundError(
            f"Nobody follows a search as {subscription_id!r}. See: throughline alerts list"
        )
    return _subscription(row)


def iter_subscriptions(store: Store, *, confirmed: bool = False) -> Iterator[Subscription]:
    """Read who follows what, oldest first; with ``confirmed``, without those who only asked."""
    query = sa.select(t.subscriptions).order_by(
        t.subscriptions.c.asked_at, t.subscriptions.c.subscription_id
    )
    if confirmed:
        query = query.where(t.subscriptions.c.confirmed_at.is_not(None))
    with store.reading() as connection:
        rows = connection.execute(query).all()
    yield from map(_subscription, rows)


def new_link(store: Store, subscription_id: str, *, now: dt.datetime) -> str:
    """Make a link for leaving; those of earlier mails hold as well."""
    with store.writing(content=False) as connection:
        return _new_token(connection, subscription_id, "leave", now)


def search_name(search: Mapping[str, str]) -> str:
    """Name a search by what it asks, whatever the order."""
    return short_digest(sorted(search.items()))


def _too_late(now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        t.subscriptions.c.confirmed_at.is_(None),
        t.subscriptions.c.asked_at < now - CONFIRM_WITHIN,
    )


def _delete(connection: Connection, which: sa.ColumnElement[bool]) -> int:
    ids = list(connection.scalars(sa.select(t.subscriptions.c.subscription_id).where(which)))
    if connection.dialect.name == "sqlite":
        # Else the address would stay readable in the file's free pages.
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    for table in (t.delivered_documents, t.deliveries, t.alert_tokens, t.subscriptions):
        connection.execute(sa.delete(table).where(table.c.subscription_id.in_(ids)))
    return len(ids)


def _new_token(
    connection: Connection, subscription_id: str, purpose: Purpose, now: dt.datetime
) -> str:
    token = secrets.token_urlsafe(32)
    connection.execute(
        sa.insert(t.alert_tokens).values(
            token_sha256=_hashed(token),
            subscription_id=subscription_id,
            purpose=purpose,
            made_at=now,
        )
    )
    return token


def _hashed(token: str) -> str:
    # Tokens are long and random, so a plain hash cannot be guessed backwards.
    return hashlib.sha256(token.encode()).hexdigest()


def _subscription(row: Any) -> Subscription:  # noqa: ANN401 - a row of the table
    return Subscription(**{name: getattr(row, name) for name in Subscription.__dataclass_fields__})
