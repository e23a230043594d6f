"""A store as an earlier Throughline left it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import corpus.migrations
from corpus.store import DATABASE_NAME


def rewrite_at(folder: Path, revision: str) -> None:
    """Rewrite the closed store in a folder in an older schema, with the rows that fit in it."""
    path, older = folder / DATABASE_NAME, folder / "older.db"
    _build(older, revision)
    with closing(sqlite3.connect(older)) as connection:
        connection.execute("ATTACH ? AS newer", (str(path),))
        named = connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")
        for (table,) in named.fetchall():
            if table != "alembic_version" and not table.startswith("sqlite_"):
                _copy(connection, table)
        connection.commit()
    for left in folder.glob(f"{DATABASE_NAME}*"):
        left.unlink()
    older.rename(path)


def _build(path: Path, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(corpus.migrations.__path__[0])))
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def _copy(connection: sqlite3.Connection, table: str) -> None:
    columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
    connection.execute(f"DELETE FROM main.{table}")
    connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newer.{table}")
