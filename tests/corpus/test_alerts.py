"""What is kept of a person who follows a search, and what is recorded around a sending."""

import datetime as dt
from pathlib import Path

import pytest

from corpus import alerts, deliveries
from corpus.alerts import AlertNotFoundError
from corpus.errors import InvalidInputError
from corpus.store import DATABASE_NAME, Store

NOW = dt.datetime(2026, 3, 4, 5, 6, tzinfo=dt.UTC)
ADDRESS = "reader@example.org"
SEARCH = {"theme": "shared-too-late"}


def follow(store: Store) -> str:
    """A confirmed subscription's id."""
    asked = alerts.ask_to_follow(store, ADDRESS, SEARCH, now=NOW)
    assert asked is not None
    return alerts.confirm(store, asked[1], now=NOW).subscription_id


def test_nobody_follows_before_the_mailed_link_was_used(store: Store) -> None:
    asked = alerts.ask_to_follow(store, ADDRESS, SEARCH, now=NOW)
    assert asked is not None
    assert list(alerts.iter_subscriptions(store, confirmed=True)) == []
    first = alerts.confirm(store, asked[1], now=NOW)
    assert alerts.confirm(store, asked[1], now=NOW + dt.timedelta(days=90)) == first
    assert [each.address for each in alerts.iter_subscriptions(store, confirmed=True)] == [ADDRESS]


def test_a_link_for_confirming_ends_and_the_address_goes_with_it(store: Store) -> None:
    asked = alerts.ask_to_follow(store, ADDRESS, SEARCH, now=NOW)
    assert asked is not None
    late = NOW + alerts.CONFIRM_WITHIN + dt.timedelta(seconds=1)
    with pytest.raises(AlertNotFoundError, match="too old"):
        alerts.confirm(store, asked[1], now=late)
    assert alerts.forget_unconfirmed(store, now=late) == 1
    assert list(alerts.iter_subscriptions(store)) == []


def test_no_mailbox_can_be_filled_through_us(store: Store) -> None:
    for theme in "abc":
        assert alerts.ask_to_follow(store, ADDRESS, {"theme": theme}, now=NOW)
    assert alerts.ask_to_follow(store, ADDRESS, SEARCH, now=NOW) is None
    assert alerts.ask_to_follow(store, "other@example.org", SEARCH, now=NOW)
    tomorrow = NOW + dt.timedelta(days=1, seconds=1)
    assert alerts.ask_to_follow(store, ADDRESS, SEARCH, now=tomorrow)


def test_asking_again_for_what_is_followed_mails_nothing(store: Store) -> None:
    follow(store)
    assert alerts.ask_to_follow(store, ADDRESS, dict(SEARCH), now=NOW) is None


def test_links_are_kept_as_hashes_and_one_cannot_do_the_work_of_the_other(store: Store) -> None:
    asked = alerts.ask_to_follow(store, ADDRESS, SEARCH, now=NOW)
    assert asked is not None
    with pytest.raises(AlertNotFoundError):
        alerts.leave(store, asked[1])
    with store.reading() as connection:
        held = connection.exec_driver_sql("SELECT * FROM alert_tokens").all()
    assert asked[1] not in str(held)


def test_leaving_deletes_the_address_from_the_file_itself(tmp_path: Path, store: Store) -> None:
    subscription_id = follow(store)
    number = deliveries.begin_delivery(store, subscription_id, ["d1"], now=NOW)
    deliveries.end_delivery(store, number, now=NOW)
    links = [alerts.new_link(store, subscription_id, now=NOW) for _ in range(2)]
    alerts.leave(store, links[0])
    with pytest.raises(AlertNotFoundError):
        alerts.leave(store, links[1])
    assert list(alerts.iter_subscriptions(store)) == []
    with store.reading() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert ADDRESS.encode() not in (tmp_path / "data" / DATABASE_NAME).read_bytes()


def test_what_was_begun_is_never_begun_again(store: Store) -> None:
    subscription_id = follow(store)
    deliveries.begin_delivery(store, subscription_id, ["d1", "d2"], now=NOW)
    assert deliveries.delivered_to(store, subscription_id) == {"d1", "d2"}
    with pytest.raises(InvalidInputError):
        deliveries.begin_delivery(store, subscription_id, ["d2", "d3"], now=NOW)
    assert deliveries.delivered_to(store, subscription_id) == {"d1", "d2"}


def test_a_delivery_that_broke_off_is_told_of_once(store: Store) -> None:
    subscription_id = follow(store)
    deliveries.begin_delivery(store, subscription_id, ["d1", "d2"], now=NOW)
    (lost,) = deliveries.broken_off(store, subscription_id)
    assert (lost.begun_at, lost.documents) == (NOW, 2)
    later = deliveries.begin_delivery(store, subscription_id, ["d3"], now=NOW)
    deliveries.tell_of_broken_off(store, subscription_id, before=later)
    deliveries.end_delivery(store, later, now=NOW)
    assert deliveries.broken_off(store, subscription_id) == []


def test_a_delivery_that_was_refused_can_be_made_again(store: Store) -> None:
    subscription_id = follow(store)
    number = deliveries.begin_delivery(store, subscription_id, ["d1"], now=NOW)
    deliveries.take_back_delivery(store, number)
    assert deliveries.delivered_to(store, subscription_id) == set()
    assert deliveries.broken_off(store, subscription_id) == []
