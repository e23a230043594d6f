"""Which held texts may be near copies of a text: candidates by the keys of their signatures."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus import tables as t
from corpus.store import Store


@dataclass(frozen=True)
class Signature:
    """A text's minimum hashes, and the keys that texts alike share some of."""

    n_shingles: int
    hashes: bytes
    """Unsigned 32-bit numbers, little-endian."""
    band_keys: tuple[int, ...]
    """Signed 64-bit numbers."""


def put_signature(connection: Connection, document_id: str, signature: Signature) -> None:
    """Keep a document's signature; one that is there stays as it is."""
    this = t.signatures.c.document_id == document_id
    if connection.scalar(sa.select(t.signatures.c.document_id).where(this)) is not None:
        return
    connection.execute(
        sa.insert(t.signatures).values(
            document_id=document_id, n_shingles=signature.n_shingles, hashes=signature.hashes
        )
    )
    if signature.band_keys:
        connection.execute(
            sa.insert(t.signature_bands),
            [{"band_key": key, "document_id": document_id} for key in set(signature.band_keys)],
        )


def find_candidates(store: Store, signature: Signature) -> Sequence[str]:
    """List documents that share a key: those that share most come first, then by id.

    Candidates only: whoever asks compares the texts themselves.
    """
    shared = sa.func.count()
    query = (
        sa.select(t.signature_bands.c.document_id)
        .join(t.documents, t.documents.c.document_id == t.signature_bands.c.document_id)
        .where(
            t.signature_bands.c.band_key.in_(signature.band_keys),
            t.documents.c.superseded_by.is_(None),
        )
        .group_by(t.signature_bands.c.document_id)
        .order_by(shared.desc(), t.signature_bands.c.document_id)
    )
    with store.reading() as connection:
        return list(connection.scalars(query))
