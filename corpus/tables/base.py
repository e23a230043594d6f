"""What every table shares: the metadata, and moments that keep their zone."""

import datetime as dt

from sqlalchemy import DateTime, MetaData, TypeDecorator
from sqlalchemy.engine import Dialect

from corpus.errors import InvalidInputError


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A moment, kept in UTC and read back with its zone: SQLite keeps none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: dt.datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> dt.datetime | None:
        """Bring an aware moment to UTC; one without a zone could be any of two dozen.

        Raises:
            InvalidInputError: the moment has no zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise InvalidInputError(f"The moment {value} has no time zone.")
        return value.astimezone(dt.UTC)

    def process_result_value(
        self,
        value: dt.datetime | None,
        dialect: Dialect,  # noqa: ARG002 - as above
    ) -> dt.datetime | None:
        """Give the moment its zone back."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=dt.UTC)


metadata = MetaData(
    # Named constraints, so that a migration can drop them on any database.
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
