import datetime as dt
from pathlib import Path

import pytest
from desk_world import NOW, PASSWORD

from corpus.coders import (
    SIGNED_IN_FOR,
    Role,
    add_coder,
    begin_sign_in,
    check_password,
    desk_is_open,
    disable_coder,
    end_sign_in,
    set_password,
    signed_in,
)
from corpus.errors import InvalidInputError
from corpus.snapshots.copying import copy_store
from corpus.store import Store, open_store


def test_a_password_is_found_right_in_any_case_of_the_name_and_is_never_stored(
    store: Store,
) -> None:
    assert not desk_is_open(store)
    ana = add_coder(store, "Ana", Role.CODER, PASSWORD, at=NOW)
    assert desk_is_open(store)
    assert check_password(store, "ana", PASSWORD) == ana
    assert check_password(store, "ana", PASSWORD + "x") is None
    assert check_password(store, "nobody", PASSWORD) is None
    with store.reading() as connection:
        dump = "".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    assert PASSWORD not in dump
    assert "$argon2id$" in dump


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("Ana", "too short"),
        ("Ana", "ana ana ana 1"),
        ("Ana", "x" * 257),
        ("", PASSWORD),
        ("catalogue", PASSWORD),
        ("a\nb", PASSWORD),
        ("BEN", PASSWORD),
    ],
)
def test_what_cannot_be_an_account_is_refused(store: Store, name: str, password: str) -> None:
    add_coder(store, "Ben", Role.CODER, PASSWORD, at=NOW)
    if password == "ana ana ana 1":
        name = "ana ana ana"
    with pytest.raises(InvalidInputError):
        add_coder(store, name, Role.CODER, password, at=NOW)


def test_a_session_ends_by_time_by_signing_out_by_a_new_password_and_by_disabling(
    store: Store,
) -> None:
    ana = add_coder(store, "Ana", Role.CODER, PASSWORD, at=NOW)
    first, second = (begin_sign_in(store, ana, now=NOW) for _ in range(2))
    assert signed_in(store, first, now=NOW) == ana
    assert signed_in(store, first, now=NOW + SIGNED_IN_FOR + dt.timedelta(seconds=1)) is None
    end_sign_in(store, first)
    assert signed_in(store, first, now=NOW) is None
    assert signed_in(store, second, now=NOW) == ana
    set_password(store, "ana", PASSWORD + " either")
    assert signed_in(store, second, now=NOW) is None
    third = begin_sign_in(store, ana, now=NOW)
    disable_coder(store, "Ana", at=NOW)
    assert signed_in(store, third, now=NOW) is None
    assert check_password(store, "Ana", PASSWORD + " either") is None
    assert not desk_is_open(store)
    with pytest.raises(InvalidInputError):
        add_coder(store, "Ana", Role.LEAD, PASSWORD, at=NOW)  # a name is never used twice


def test_no_account_goes_into_a_snapshots_copy(store: Store, tmp_path: Path) -> None:
    ana = add_coder(store, "Ana", Role.CODER, PASSWORD, at=NOW)
    begin_sign_in(store, ana, now=NOW)
    folder = tmp_path / "copy"
    copy_store(store, folder)
    copy = open_store(folder)
    assert not desk_is_open(copy)
    with copy.reading() as connection:
        assert "Ana" not in "".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]
