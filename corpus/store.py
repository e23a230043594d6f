"""The store: everything we hold, in one relational database."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from corpus import tables as t
from corpus.errors import (
    DocumentNotFoundError,
    InvalidInputError,
    PassageNotFoundError,
    ReviewNotFoundError,
    StorageError,
)
from corpus.ids import PassageId, sha256_text
from corpus.known_names import ANONYMOUS, WithheldNames
from corpus.model import Capture, Code, Document, Finding, Judgement, Kind, Passage, Review
from corpus.rows import (
    capture_from_row,
    code_from_row,
    document_from_row,
    document_row,
    finding_from_row,
    finding_row,
    judgement_from_row,
    passage_from_row,
    passage_row,
    review_from_row,
    review_row,
    whole_review_from_row,
)
from corpus.tombstones import is_withheld, raise_missing

SCHEMA_REVISION = "0008"
"""The newest Alembic revision; a test compares it with the files."""

DATABASE_NAME = "throughline.db"

Added = Literal["new", "unchanged", "new-version", "withheld"]
"""What became of what was added; ``withheld`` is what was withdrawn earlier and stays out."""


def open_store(data_dir: Path) -> "Store":
    """Open the store in a data directory, creating or migrating it where needed.

    What is created only its owner can read; a database of ours that others can read, they
    can no longer: it holds coders' password hashes and readers' addresses.

    Raises:
        StorageError: the directory cannot be made or written to, or the file in it is
            not a store of ours, or was written by a newer Throughline.
    """
    path = data_dir / DATABASE_NAME
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        _keep_to_owner(path)
        store = Store(sa.create_engine(f"sqlite:///{path}"))
        store.migrate()
    except OSError as error:
        raise StorageError(
            f"The data directory {data_dir} cannot be made: {error.strerror}. "
            "Choose another with --data-dir."
        ) from error
    except sa.exc.OperationalError as error:
        raise StorageError(
            f"The store {path} cannot be written: {error.orig}. "
            "Free the disk or its permissions, or choose another place with --data-dir."
        ) from error
    except sa.exc.DatabaseError as error:
        raise StorageError(
            f"{path} is not a Throughline store ({error.orig}). Move it away, or choose "
            "another place with --data-dir."
        ) from error
    return store


class Store:
    """Reads and writes of what we hold; one engine, a connection a call.

    Every write is one transaction: it happens whole or not at all. Text that is added
    never replaces older text: a new version stands beside the old one.
    """

    def __init__(self, engine: Engine) -> None:
        """Take any SQLAlchemy engine; on SQLite, turn on WAL, foreign keys and full sync."""
        self._engine = engine
        self._pinned: ContextVar[Connection | None] = ContextVar("pinned", default=None)
        self._withheld: tuple[int, WithheldNames] | None = None
        if engine.dialect.name == "sqlite":
            sa.event.listen(engine, "connect", _prepare_sqlite)

    def migrate(self) -> None:
        """Bring the schema to the newest revision; does nothing when it is there.

        Raises:
            StorageError: the store was written by a newer Throughline.
        """
        with self._engine.connect() as connection:
            current = _schema_revision(connection)
        if current == SCHEMA_REVISION:
            return
        if current is not None and current > SCHEMA_REVISION:
            raise StorageError(
                f"This store is at schema {current}; this Throughline knows {SCHEMA_REVISION}. "
                "Install the newer version, or choose another place with --data-dir."
            )
        # Imported here: Alembic costs a fifth of a second, and most starts need no migration.
        from alembic import command  # noqa: PLC0415
        from alembic.config import Config  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with self._engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        """Let go of the database's files; the next call opens them again."""
        self._engine.dispose()

    @property
    def revision(self) -> int:
        """Grows with every write; equal revisions mean equal content."""
        with self.reading() as connection:
            value = connection.scalar(sa.select(t.revisions.c.value))
        return int(value or 0)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for queries; within :meth:`pinned`, the one that sees its state."""
        pinned = self._pinned.get()
        if pinned is not None:
            yield pinned
            return
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def pinned(self) -> Iterator[None]:
        """Let every read within see one state of the store, whatever is written meanwhile.

        For an answer that is made of several reads. What is written meanwhile, by the same
        thread too, is not seen within.
        """
        if self._pinned.get() is not None:
            yield
            return
        isolated = self._engine.connect()
        if self._engine.dialect.name != "sqlite":
            isolated = isolated.execution_options(isolation_level="REPEATABLE READ")
        with isolated as connection:
            if self._engine.dialect.name == "sqlite":
                # Its driver begins a transaction at the first write only.
                connection.exec_driver_sql("BEGIN")
            token = self._pinned.set(connection)
            try:
                yield
            finally:
                self._pinned.reset(token)
                connection.rollback()

    @contextmanager
    def writing(self, *, content: bool = True, held: bool = True) -> Iterator[Connection]:
        """One transaction for writes that live in other modules of ``corpus``.

        Without ``content`` the revision stays: for what is part of no answer, such as who
        follows a search. Without ``held``, reviews, documents and passages stay, but for
        their stamps: for findings and judgements.

        Raises:
            StorageError: the database refused it; nothing was changed.
        """
        try:
            with self._engine.begin() as connection:
                if content:
                    raised = {"value": t.revisions.c.value + 1}
                    if held:
                        raised["held"] = t.revisions.c.held + 1
                    connection.execute(sa.update(t.revisions).values(raised))
                yield connection
        except sa.exc.OperationalError as error:
            raise StorageError(
                f"The store could not be written: {error.orig}. Nothing was changed."
            ) from error
        except sa.exc.IntegrityError as error:
            raise InvalidInputError(
                "Something refers to a review, document or passage that is not held "
                f"({error.orig}). Nothing was changed."
            ) from error

    def gather_statistics(self) -> None:
        """Let the database look at what it holds, so that it answers filters by the best index.

        Done after much was written; costs a fraction of a second for 100,000 passages.
        """
        with self._engine.begin() as connection:
            connection.execute(sa.text("ANALYZE"))

    def withheld_names(self) -> WithheldNames:
        """The names that publishers withheld, read again only where something was taken in.

        Documents and passages that this store hands out have gone through it. What reads
        their rows by itself sends them through it too.
        """
        with self.reading() as connection:
            held = int(connection.scalar(sa.select(t.revisions.c.held)) or 0)
            known = self._withheld
            if known is None or known[0] != held:
                known = self._withheld = (held, _withheld_names(connection))
        return known[1]

    # -- reviews ---------------------------------------------------------------

    def add_review(self, review: Review) -> Added:
        """Register a review, or bring its record up to date."""
        with self.writing() as connection:
            return put_review(connection, review)

    def get_review(self, review_id: str) -> Review:
        """Read one review.

        Raises:
            ReviewNotFoundError: there is none with this id.
            WithdrawnError: there was one.
        """
        query = sa.select(t.reviews).where(t.reviews.c.review_id == review_id)
        with self.reading() as connection:
            row = connection.execute(query).mappings().first()
            if row is None:
                raise_missing(connection, review_id, ReviewNotFoundError(review_id))
        return review_from_row(row)

    def iter_reviews(self) -> Iterator[Review]:
        """Read every review: by publication date, those without one last, then by id."""
        query = sa.select(t.reviews).order_by(
            t.reviews.c.published.is_(None), t.reviews.c.published, t.reviews.c.review_id
        )
        with self.reading() as connection:
            for row in connection.execute(query).mappings():
                yield review_from_row(row)

    # -- captures and documents ------------------------------------------------

    def add_capture(self, capture: Capture) -> Added:
        """Record a capture; the same bytes again are ``unchanged``."""
        with self.writing() as connection:
            held = connection.scalar(
                sa.select(t.captures.c.capture_id).where(
                    t.captures.c.capture_id == capture.capture_id
                )
            )
            if held is not None:
                return "unchanged"
            connection.execute(sa.insert(t.captures).values(asdict(capture)))
            return "new"

    def get_capture(self, capture_id: str) -> Capture | None:
        """Read one capture; ``None`` where the bytes were never held."""
        query = sa.select(t.captures).where(t.captures.c.capture_id == capture_id)
        with self.reading() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else capture_from_row(row)

    def add_document(self, document: Document, passages: Sequence[Passage]) -> Added:
        """Add a document with its passages, whole or not at all.

        A document whose identity is held with another text becomes its newest version;
        the older one stays and is marked as superseded.

        Raises:
            InvalidInputError: a passage's offsets do not give its text, or a passage
                belongs to another document.
        """
        with self.writing() as connection:
            return put_document(connection, document, passages)

    def get_document(self, document_id: str, *, whole: bool = False) -> Document:
        """Read one document, of whatever version.

        Args:
            document_id: which.
            whole: with title and address as they are held, also where they have a name that
                its review's publisher withheld: for comparing, never for showing.

        Raises:
            DocumentNotFoundError: there is none with this id.
            WithdrawnError: there was one.
        """
        query = sa.select(t.documents).where(t.documents.c.document_id == document_id)
        with self.reading() as connection:
            row = connection.execute(query).mappings().first()
            if row is None:
                raise_missing(connection, document_id, DocumentNotFoundError(document_id))
        document = document_from_row(row)
        return document if whole else self.withheld_names().document(document)

    def get_documents(self, document_ids: Iterable[str]) -> dict[str, Document]:
        """Read several documents at once, by id; ids that are not held are left out."""
        query = sa.select(t.documents).where(t.documents.c.document_id.in_(list(document_ids)))
        with self.reading() as connection:
            rows = connection.execute(query).mappings().all()
        withheld = self.withheld_names()
        return {row["document_id"]: withheld.document(document_from_row(row)) for row in rows}

    def iter_documents(
        self, *, review_id: str | None = None, kind: Kind | None = None, whole: bool = False
    ) -> Iterator[Document]:
        """Read the newest version of every document, by publication date, then id.

        What ``whole`` means is told by :meth:`get_document`.
        """
        query = sa.select(t.documents).where(t.documents.c.superseded_by.is_(None))
        if review_id is not None:
            query = query.where(t.documents.c.review_id == review_id)
        if kind is not None:
            query = query.where(t.documents.c.kind == kind.value)
        query = query.order_by(
            t.documents.c.published.is_(None), t.documents.c.published, t.documents.c.document_id
        )
        withheld = WithheldNames(()) if whole else self.withheld_names()
        with self.reading() as connection:
            for row in connection.execute(query).mappings():
                yield withheld.document(document_from_row(row))

    # -- passages ----------------------------------------------------------------

    def get_passage(self, passage_id: str) -> Passage:
        """Read one passage.

        Raises:
            PassageNotFoundError: there is none with this id.
            WithdrawnError: there was one.
        """
        found = self.get_passages([passage_id])
        if not found:
            with self._engine.connect() as connection:
                raise_missing(connection, passage_id, PassageNotFoundError(passage_id))
        return found[0]

    def get_passages(self, passage_ids: Sequence[str]) -> list[Passage]:
        """Read passages in the order asked for; ids that are not held are left out."""
        query = sa.select(t.passages).where(t.passages.c.passage_id.in_(passage_ids))
        with self.reading() as connection:
            rows = {row["passage_id"]: row for row in connection.execute(query).mappings()}
        withheld = self.withheld_names()
        return [
            withheld.passage(passage_from_row(rows[passage_id]))
            for passage_id in passage_ids
            if passage_id in rows
        ]

    def iter_passages(self, *, document_id: str | None = None) -> Iterator[Passage]:
        """Read passages of newest document versions: by document, in reading order."""
        query = _current_passages()
        if document_id is not None:
            query = sa.select(t.passages).where(t.passages.c.document_id == document_id)
        query = query.order_by(t.passages.c.document_id, t.passages.c.position)
        withheld = self.withheld_names()
        with self.reading() as connection:
            for row in connection.execute(query).mappings():
                yield withheld.passage(passage_from_row(row))

    def iter_unanalysed(self, tagger_version: str) -> Iterator[tuple[Passage, Kind]]:
        """Read current passages that this tagger has not stamped, with their document's kind."""
        query = (
            sa.select(t.passages, t.documents.c.kind)
            .join_from(t.passages, t.documents)
            .where(
                t.documents.c.superseded_by.is_(None),
                sa.or_(
                    t.passages.c.tagger_version.is_(None),
                    t.passages.c.tagger_version != tagger_version,
                ),
            )
            .order_by(t.passages.c.document_id, t.passages.c.position)
        )
        with self.reading() as connection:
            rows = connection.execute(query).mappings().all()
        for row in rows:
            yield passage_from_row(row), Kind(row["kind"])

    # -- findings and judgements ---------------------------------------------------

    def put_findings(
        self,
        tagged: Mapping[PassageId, Sequence[Finding]],
        *,
        tagger_version: str,
        untagged: Mapping[PassageId, str] | None = None,
    ) -> None:
        """Replace the machine's findings of these passages, and stamp them as analysed.

        Args:
            tagged: every passage of the batch with its findings; none is a result too.
            tagger_version: what produced them.
            untagged: passages the tagger declined, with the reason (``other-language``).
        """
        reasons = untagged or {}
        rows = [finding_row(finding) for found in tagged.values() for finding in found]
        with self.writing(held=False) as connection:
            ids = list(tagged)
            connection.execute(sa.delete(t.findings).where(t.findings.c.passage_id.in_(ids)))
            if rows:
                connection.execute(sa.insert(t.findings), rows)
            connection.execute(
                sa.update(t.passages)
                .where(t.passages.c.passage_id == sa.bindparam("id"))
                .values(
                    tagger_version=tagger_version,
                    untagged=sa.bindparam("reason"),
                    stamped_in=sa.select(t.revisions.c.value).scalar_subquery(),
                ),
                [{"id": passage_id, "reason": reasons.get(passage_id)} for passage_id in ids],
            )

    def add_judgement(self, judgement: Judgement) -> int:
        """Append a judgement; returns its number. Nothing is ever overwritten."""
        return self.add_judgements([judgement])[0]

    def add_judgements(self, judgements: Sequence[Judgement]) -> list[int]:
        """Append judgements, all or none; returns their numbers in order."""
        with self.writing(held=False) as connection:
            return put_judgements(connection, judgements)

    def iter_judgements(self, *, passage_id: str | None = None) -> Iterator[Judgement]:
        """Read judgements, oldest first."""
        query = sa.select(t.judgements).order_by(t.judgements.c.judgement_id)
        codes_query = sa.select(t.judgement_codes).order_by(
            t.judgement_codes.c.judgement_id, t.judgement_codes.c.theme, t.judgement_codes.c.stance
        )
        if passage_id is not None:
            query = query.where(t.judgements.c.passage_id == passage_id)
            codes_query = codes_query.join(t.judgements).where(
                t.judgements.c.passage_id == passage_id
            )
        with self.reading() as connection:
            rows = connection.execute(query).mappings().all()
            codes: dict[int, list[Code]] = {}
            for code in connection.execute(codes_query).mappings():
                codes.setdefault(code["judgement_id"], []).append(code_from_row(code))
        for row in rows:
            yield judgement_from_row(row, codes.get(row["judgement_id"], ()))

    def machine_findings(self, passage_ids: Sequence[str]) -> dict[PassageId, list[Finding]]:
        """Read what the machine found, judged or not: strongest first within a passage."""
        query = (
            sa.select(t.findings)
            .where(t.findings.c.passage_id.in_(passage_ids))
            .order_by(t.findings.c.passage_id, t.findings.c.score.desc(), t.findings.c.theme)
        )
        found: dict[PassageId, list[Finding]] = {}
        with self.reading() as connection:
            for row in connection.execute(query).mappings():
                finding = finding_from_row(row)
                found.setdefault(finding.passage_id, []).append(finding)
        return found

    def check_integrity(self) -> None:
        """Check that every passage is still a slice of its document, and the texts' hashes.

        Raises:
            StorageError: naming the first document that is off and how many are.
        """
        damaged = []
        with self.reading() as connection:
            for document in connection.execute(sa.select(t.documents)).mappings():
                slices = connection.execute(
                    sa.select(
                        t.passages.c.start_char, t.passages.c.end_char, t.passages.c.text
                    ).where(t.passages.c.document_id == document["document_id"])
                ).all()
                text = document["text"]
                if sha256_text(text) != document["text_sha256"] or any(
                    text[start:end] != passage for start, end, passage in slices
                ):
                    damaged.append(document["document_id"])
        if damaged:
            raise StorageError(
                f"{len(damaged)} documents do not match their hashes, first {damaged[0]}: restore "
                "the store from a copy, or take their captures in again."
            )

    def count_rows(self) -> dict[str, int]:
        """Count what is held now: reviews, current documents and passages, findings, judgements."""
        current_documents = t.documents.c.superseded_by.is_(None)
        counts = {
            "reviews": sa.select(sa.func.count()).select_from(t.reviews),
            "captures": sa.select(sa.func.count()).select_from(t.captures),
            "documents": sa.select(sa.func.count())
            .select_from(t.documents)
            .where(current_documents),
            "passages": sa.select(sa.func.count()).select_from(_current_passages().subquery()),
            "analysed": sa.select(sa.func.count()).select_from(
                _current_passages().where(t.passages.c.tagger_version.is_not(None)).subquery()
            ),
            "findings": sa.select(sa.func.count()).select_from(t.findings),
            "judgements": sa.select(sa.func.count()).select_from(t.judgements),
        }
        with self.reading() as connection:
            return {name: int(connection.scalar(query) or 0) for name, query in counts.items()}


def _withheld_names(connection: Connection) -> WithheldNames:
    anonymous = t.reviews.c.identity_link.contains(ANONYMOUS)
    reviews = connection.execute(sa.select(t.reviews).where(anonymous)).mappings().all()
    documents = (
        sa.select(t.documents.c.document_id, t.documents.c.review_id)
        .join(t.reviews, t.reviews.c.review_id == t.documents.c.review_id)
        .where(anonymous)
    )
    return WithheldNames(
        [whole_review_from_row(row) for row in reviews],
        {row.document_id: row.review_id for row in connection.execute(documents)},
    )


def put_review(connection: Connection, review: Review) -> Added:
    """Write a review within a transaction; see :meth:`Store.add_review`."""
    row = review_row(review)
    this = t.reviews.c.review_id == review.review_id
    held = connection.execute(sa.select(t.reviews).where(this)).mappings().first()
    if held is None:
        connection.execute(sa.insert(t.reviews).values(row))
        return "new"
    if whole_review_from_row(held) == review:
        return "unchanged"
    connection.execute(sa.update(t.reviews).where(this).values(row))
    return "new-version"


def put_document(
    connection: Connection,
    document: Document,
    passages: Sequence[Passage],
) -> Added:
    """Write a document within a transaction; see :meth:`Store.add_document`.

    A text that was held, then superseded, and comes back is the newest version again.
    What was withdrawn is ``withheld``, whoever brings it.
    """
    _check_slices(document, passages)
    if is_withheld(connection, document):
        return "withheld"
    this = t.documents.c.document_id == document.document_id
    held = connection.execute(sa.select(t.documents.c.superseded_by).where(this)).first()
    if held is not None and held.superseded_by is None:
        return "unchanged"
    now = sa.select(t.revisions.c.value).scalar_subquery()
    older = connection.execute(
        sa.update(t.documents)
        .where(t.documents.c.identity == document.identity, t.documents.c.superseded_by.is_(None))
        .values(superseded_by=document.document_id, held_until=now)
    )
    if held is not None:
        connection.execute(
            sa.update(t.documents)
            .where(this)
            .values(superseded_by=None, held_from=now, held_until=None)
        )
        return "new-version"
    connection.execute(sa.insert(t.documents).values(document_row(document) | {"held_from": now}))
    if passages:
        connection.execute(sa.insert(t.passages), [passage_row(passage) for passage in passages])
    return "new-version" if older.rowcount else "new"


def refresh_document(
    connection: Connection, document: Document, passages: Sequence[Passage]
) -> None:
    """Bring what is said *about* a held text up to date; the text itself cannot change.

    For records we keep ourselves, where a corrected title or address must replace the
    old one. Does nothing for a document or passage that is not held.
    """
    row = document_row(document)
    del row["superseded_by"]
    connection.execute(
        sa.update(t.documents).where(t.documents.c.document_id == document.document_id).values(row)
    )
    for passage in passages:
        connection.execute(
            sa.update(t.passages)
            .where(t.passages.c.passage_id == passage.passage_id)
            .values(passage_row(passage))
        )


def put_judgements(connection: Connection, judgements: Sequence[Judgement]) -> list[int]:
    """Append judgements within a transaction; see :meth:`Store.add_judgements`."""
    numbers = []
    for judgement in judgements:
        row = asdict(judgement)
        codes = row.pop("codes")
        row["reforms"] = list(judgement.reforms)
        number = inserted_number(connection.execute(sa.insert(t.judgements).values(row)))
        if codes:
            connection.execute(
                sa.insert(t.judgement_codes),
                [{**code, "judgement_id": number} for code in codes],
            )
        numbers.append(number)
    return numbers


def _check_slices(document: Document, passages: Sequence[Passage]) -> None:
    for passage in passages:
        if (
            passage.document_id != document.document_id
            or document.text[passage.start_char : passage.end_char] != passage.text
        ):
            raise InvalidInputError(
                f"Passage {passage.passage_id} is not a slice of document {document.document_id}."
            )


def inserted_number(result: sa.CursorResult[Any]) -> int:
    """Read the number that the store gave a new row.

    Raises:
        StorageError: it gave none.
    """
    key = result.inserted_primary_key
    if key is None:
        raise StorageError("The store gave no number for a new row; nothing was saved.")
    return int(key[0])


def _current_passages() -> sa.Select[Any]:
    return (
        sa.select(t.passages)
        .join_from(t.passages, t.documents)
        .where(t.documents.c.superseded_by.is_(None))
    )


def _keep_to_owner(path: Path) -> None:
    """Make the database's file, or shut it to others; a file that is not ours stays as it is."""
    # SQLite gives its log and its index the rights that the database has when they are made.
    with suppress(FileExistsError, PermissionError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    for file in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        with suppress(FileNotFoundError, PermissionError):
            rights = file.stat().st_mode & 0o777
            if rights & 0o077:
                file.chmod(rights & 0o700)


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # A judgement that a person saw saved must survive a power cut (docs/decisions/0002).
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA busy_timeout = 10000")
    cursor.close()


def _schema_revision(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return revision
