"""Packed answers: who gets them, under what name, and what is never packed."""

import gzip
from pathlib import Path

import pytest
from desk_world import make_desk
from flask.testing import FlaskClient
from portal_world import PortalWorld, make_world
from werkzeug.test import TestResponse

from corpus.settings import Settings
from web.app import create_app

PACKED = {"Accept-Encoding": "gzip, deflate, br"}


def ask(client: FlaskClient, address: str, **headers: str) -> TestResponse:
    return client.get(address, headers=headers, buffered=True)


def ask_packed(client: FlaskClient, address: str, **headers: str) -> TestResponse:
    return client.get(address, headers=PACKED | headers, buffered=True)


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/recurrence",
        "/nothing-here",
        "/api/v1/reviews",
        "/charts/share.svg",
        "/static/throughline.css",
        "/search.atom?q=hospital",
    ],
)
def test_a_reader_who_takes_gzip_gets_the_same_words_in_fewer_bytes(
    world: PortalWorld, address: str
) -> None:
    plain, packed = ask(world.client, address), ask_packed(world.client, address)
    assert packed.status_code == plain.status_code
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
    # A cache between must not give one reader's form to the other.
    assert "Accept-Encoding" in plain.vary
    assert "Accept-Encoding" in packed.vary


@pytest.mark.parametrize("taken", ["", "br", "gzip;q=0", "identity"])
def test_a_reader_who_does_not_take_gzip_gets_none(world: PortalWorld, taken: str) -> None:
    answer = ask(world.client, "/", **{"Accept-Encoding": taken})
    assert "Content-Encoding" not in answer.headers
    assert answer.get_data(as_text=True).startswith("<!doctype html>")


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/reviews",
        "/api/v1/passages?q=hospital",
        "/charts/share.svg",
        "/static/throughline.css",
        "/search.atom?q=hospital",
    ],
)
def test_a_tag_answers_whichever_form_it_was_given_with(world: PortalWorld, address: str) -> None:
    plain = ask(world.client, address).headers["ETag"]
    packed = ask_packed(world.client, address).headers["ETag"]
    # Two forms of one answer differ in bytes, which only a weak tag may pass over.
    assert not plain.startswith("W/")
    assert packed == f"W/{plain}"
    for held in (plain, packed):
        for again in (
            ask(world.client, address, **{"If-None-Match": held}),
            ask_packed(world.client, address, **{"If-None-Match": held}),
        ):
            assert (again.status_code, again.data) == (304, b"")
            assert again.headers["ETag"] == held
            assert "Accept-Encoding" in again.vary


def test_a_part_of_a_file_is_a_part_of_its_plain_bytes(world: PortalWorld) -> None:
    part = ask_packed(world.client, "/static/throughline.css", Range="bytes=0-99")
    assert part.status_code == 206
    assert "Content-Encoding" not in part.headers
    assert len(part.data) == 100


def test_a_file_that_is_written_while_it_is_sent_is_not_held_back_to_be_packed(
    tmp_path: Path,
) -> None:
    world = make_world(tmp_path)
    for name in ("passages.jsonl", "passages.csv", "reviews.bib"):
        with world.client.get(f"/api/v1/{name}", headers=PACKED, buffered=False) as answer:
            assert answer.is_streamed
            assert "Content-Encoding" not in answer.headers


def test_what_may_hold_a_secret_is_never_packed(tmp_path: Path) -> None:
    make_desk(tmp_path)
    client = create_app(Settings(data_dir=tmp_path)).test_client()
    for address in ("/desk/sign-in", "/desk/no-such-page", "/alerts/leave/some-token"):
        answer = ask_packed(client, address)
        assert "Content-Encoding" not in answer.headers, address


def test_a_head_says_what_a_get_would_send(world: PortalWorld) -> None:
    get = ask_packed(world.client, "/reviews")
    head = world.client.head("/reviews", headers=PACKED)
    assert head.data == b""
    assert head.headers["Content-Length"] == get.headers["Content-Length"]
    assert head.headers["Content-Encoding"] == "gzip"
