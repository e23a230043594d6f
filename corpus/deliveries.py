"""What was sent for a followed search: recorded before it is sent, so that it is sent once."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from corpus import tables as t
from corpus.store import Store


@dataclass(frozen=True, kw_only=True)
class BrokenOff:
    """A digest that may not have arrived: it was begun, and never known to be handed over."""

    begun_at: dt.datetime
    documents: int


def delivered_to(store: Store, subscription_id: str) -> set[str]:
    """Which documents a subscription was told of, by their first versions."""
    query = sa.select(t.delivered_documents.c.first_document_id).where(
        t.delivered_documents.c.subscription_id == subscription_id
    )
    with store.reading() as connection:
        return set(connection.scalars(query))


def begin_delivery(
    store: Store, subscription_id: str, first_document_ids: Iterable[str], *, now: dt.datetime
) -> int:
    """Record, before anything is sent, what will be: nobody else then sends it, nor we again.

    Raises:
        InvalidInputError: another process has just begun to send one of them.
    """
    with store.writing(content=False) as connection:
        made = connection.execute(
            sa.insert(t.deliveries).values(
                subscription_id=subscription_id, begun_at=now, told_of=False
            )
        )
        number = int(made.inserted_primary_key[0])  # type: ignore[index]  # an insert of one row
        rows = [
            {
                "subscription_id": subscription_id,
                "first_document_id": first,
                "delivery_id": number,
            }
            for first in first_document_ids
        ]
        connection.execute(sa.insert(t.delivered_documents), rows)
    return number


def end_delivery(store: Store, delivery_id: int, *, now: dt.datetime) -> None:
    """Record that a digest was handed over to the mail server."""
    with store.writing(content=False) as connection:
        connection.execute(
            sa.update(t.deliveries)
            .where(t.deliveries.c.delivery_id == delivery_id)
            .values(handed_over_at=now)
        )


def take_back_delivery(store: Store, delivery_id: int) -> None:
    """Forget a delivery that the mail server certainly did not take, so that it is retried."""
    with store.writing(content=False) as connection:
        for table in (t.delivered_documents, t.deliveries):
            connection.execute(sa.delete(table).where(table.c.delivery_id == delivery_id))


def broken_off(store: Store, subscription_id: str) -> list[BrokenOff]:
    """Digests that may not have arrived and that no later one has spoken of, oldest first."""
    documents = (
        sa.select(sa.func.count())
        .where(t.delivered_documents.c.delivery_id == t.deliveries.c.delivery_id)
        .scalar_subquery()
    )
    query = (
        sa.select(t.deliveries.c.begun_at, documents.label("documents"))
        .where(_in_doubt(subscription_id))
        .order_by(t.deliveries.c.delivery_id)
    )
    with store.reading() as connection:
        rows = connection.execute(query).all()
    return [BrokenOff(begun_at=row.begun_at, documents=row.documents) for row in rows]


def tell_of_broken_off(store: Store, subscription_id: str, *, before: int) -> None:
    """Record that a digest has spoken of those in doubt that were begun before it."""
    with store.writing(content=False) as connection:
        connection.execute(
            sa.update(t.deliveries)
            .where(_in_doubt(subscription_id), t.deliveries.c.delivery_id < before)
            .values(told_of=True)
        )


def _in_doubt(subscription_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(
        t.deliveries.c.subscription_id == subscription_id,
        t.deliveries.c.handed_over_at.is_(None),
        t.deliveries.c.told_of.is_(False),
    )
