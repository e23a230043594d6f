"""Echoes on every way in: page, API, shell, and answered at the desk."""

import json
import re
from pathlib import Path

import pytest
from portal_world import PortalWorld, make_world
from samples import CAPTURED_AT
from shell import Shell
from sqlalchemy import update

from corpus.coders import Role, add_coder
from corpus.echo_answers import iter_echo_answers, pair_of
from corpus.model import LicenceTier
from corpus.store import open_store
from corpus.tables import documents

PASSWORD = "four invented plain words"


@pytest.fixture
def own(tmp_path: Path) -> PortalWorld:
    return make_world(tmp_path / "own")


def test_a_passage_shows_its_echo_beside_it_with_what_agrees(world: PortalWorld) -> None:
    page = world.get(f"/passages/{world.digest_1974[0].passage_id}")
    section = page[page.index('id="echoes"') :]
    assert "<strong>29 years later</strong>" in section
    assert world.digest_1974[0].text in section
    assert world.digest_2003[0].text in section
    assert "Not told or passed on" in section
    assert "Hidden Name" not in page


def test_a_passage_without_an_echo_says_why(world: PortalWorld) -> None:
    assert "guidance and research mention" in world.get(f"/passages/{world.news[0].passage_id}")


def test_the_api_gives_both_passages_and_the_agreement_as_spans(world: PortalWorld) -> None:
    first, second = world.digest_1974[0], world.digest_2003[0]
    data = json.loads(world.get(f"/api/v1/passages/{first.passage_id}/echoes"))["data"]
    (echo,) = data["echoes"]
    assert (data["passage"]["text"], echo["passage"]["text"]) == (first.text, second.text)
    assert (echo["direction"], echo["years_between"], echo["basis"]) == ("later", 29, "same-theme")
    (mechanism,) = echo["agrees"]["mechanisms"]
    assert mechanism["id"] == "not-told"
    span = mechanism["there"][0]
    assert second.text[span["start"] : span["end"]] == "Nobody told"
    assert data["why_none"] is None
    news = json.loads(world.get(f"/api/v1/passages/{world.news[0].passage_id}/echoes"))["data"]
    assert news["why_none"]["code"] == "not-of-a-review"
    world.get(f"/api/v1/passages/{first.passage_id}/echoes?limit=0", status=400)


@pytest.mark.parametrize("side", [0, 1])
def test_both_texts_are_cut_to_their_own_licence(own: PortalWorld, side: int) -> None:
    pair = (own.digest_1974[0], own.digest_2003[0])
    held, restricted = pair[1 - side], pair[side]
    of_restricted = documents.c.document_id == restricted.document_id
    with own.store.writing() as connection:
        connection.execute(
            update(documents).where(of_restricted).values(licence_tier=LicenceTier.PERMISSION.value)
        )
    for asked in pair:
        page = own.get(f"/passages/{asked.passage_id}")
        told = own.get(f"/api/v1/passages/{asked.passage_id}/echoes")
        for text in (page[page.index('id="echoes"') :], told):
            assert restricted.text not in text
            assert restricted.text[:40] not in text
        data = json.loads(told)["data"]
        texts = {
            row["passage_id"]: (row["text"], row["text_cut"])
            for row in (data["passage"], *(echo["passage"] for echo in data["echoes"]))
        }
        assert texts == {held.passage_id: (held.text, False), restricted.passage_id: ("", True)}


def test_the_shell_shows_echoes_and_keeps_answers(
    own: PortalWorld, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shell = Shell(capsys, str(tmp_path / "own"))
    first, second = own.digest_1974[0].passage_id, own.digest_2003[0].passage_id
    assert "29 years later, 2003" in shell.on_data("echoes", first).out
    given = ("--answer", "different", "--of", second, "--by", "ana")
    assert shell.on_data("echoes", first, *given).status == 0
    shown = json.loads(shell.on_data("echoes", second, "--json").out)
    assert shown["echoes"][0]["opinion"]["different"] == 1
    assert shell.on_data("echoes", first, "--answer", "same").status == 2
    unknown = shell.on_data("echoes", "p" + "0" * 16)
    assert (unknown.status, "No passage" in unknown.err) == (1, True)


def test_a_coder_answers_at_the_desk_and_nobody_else_can(own: PortalWorld, tmp_path: Path) -> None:
    first, second = own.digest_1974[0].passage_id, own.digest_2003[0].passage_id
    address = f"/desk/echoes/{first}"
    assert address not in own.get(f"/passages/{first}")
    add_coder(own.store, "ana", Role.CODER, PASSWORD, at=CAPTURED_AT)
    assert address in own.get(f"/passages/{first}")
    client = own.client

    def send(path: str, page: str, **fields: str) -> int:
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        sent = fields | ({"csrf_token": token[1]} if token else {})
        return client.post(path, data=sent).status_code

    assert send(address, "", of=second, answer="same") == 401
    sign_in = client.get("/desk/sign-in").text
    assert send("/desk/sign-in", sign_in, name="ana", password=PASSWORD) == 303
    page = client.get(address).text
    assert send(address, "", of=second, answer="same") == 400
    assert send(address, page, of=second, answer="nonsense") == 400
    assert send(address, page, of=second, answer="related") == 303
    (kept,) = iter_echo_answers(open_store(tmp_path / "own"))
    assert (kept.pair, kept.answer, kept.person) == (pair_of(first, second), "related", "ana")
    assert "You said: related." in client.get(address).text
