"""What a lead does with differences: doubts, unlike themes, deciding again, what they coded."""

import re
from pathlib import Path

import pytest
from browsing import chromium
from desk_browser import Browser
from desk_world import NOW, PASSWORD, DeskWorld, make_desk
from flask import Flask
from playwright.sync_api import Page
from samples import make_code, make_judgement
from served import serve_app

from corpus.agreement import independent_codings
from corpus.coders import Role, add_coder
from corpus.coding_items import CodingItem, ItemState, get_item, open_differences
from corpus.count_rows import held_reviews
from corpus.findings import findings_of
from corpus.model import Stance
from corpus.reforms import proposals_of
from corpus.settings import Settings
from web.app import create_app
from web.judgement_files import judgement_chunks

NOT_SHARED, LATE = make_code(), make_code("shared-too-late")
PROPOSED = make_code(stance=Stance.CHANGE_PROPOSED)
REFORM = "reform-duty-to-share"


@pytest.fixture
def desk(tmp_path: Path) -> DeskWorld:
    return make_desk(tmp_path / "data")


@pytest.fixture
def app(desk: DeskWorld, tmp_path: Path) -> Flask:
    del desk
    app = create_app(Settings(data_dir=tmp_path / "data"))
    app.testing = True
    return app


def signed_in(app: Flask, name: str) -> Browser:
    browser = Browser(app.test_client())
    assert browser.sign_in(name).status_code == 303
    return browser


def twice(desk: DeskWorld, *coders: int) -> CodingItem:
    """One passage that two code apart."""
    those = coders or (desk.ana.coder_id, desk.ben.coder_id)
    desk.draw(size=1, double_share=1, coder_ids=those)
    return desk.items()[-1]


def said(theme: str, stance: str = "failing-found", number: int = 0) -> dict[str, str]:
    """A line of the form, filled in."""
    return {
        f"theme-{number}": theme,
        f"stance-{number}": stance,
        f"level-{number}": "case",
        f"attribution-{number}": "own-voice",
    }


def take(page: str, coder: str) -> str:
    (action,) = re.findall(rf'value="(take-\d+)"[^>]*>Decide as {coder}', page)
    return str(action)


def standing(desk: DeskWorld, item: CodingItem) -> set[tuple[str, str | None]]:
    """Themes that stand for a passage, each with who said so."""
    found = findings_of(desk.store, [item.passage_id]).get(item.passage_id, [])
    return {(each.code.theme, each.coder) for each in found}


def test_one_who_is_not_sure_and_one_who_is_go_to_the_lead(app: Flask, desk: DeskWorld) -> None:
    item = twice(desk)
    ana, ben = signed_in(app, "Ana"), signed_in(app, "Ben")
    path = f"/desk/items/{item.item_id}"
    ana.get(path)
    ana.post(path, action="unsure", note="Whose surgery?", **said("shared-too-late"))
    ben.get(path)
    assert ben.post(path, action="save", **said("not-shared-between-agencies")).status_code == 303
    # The doubt reveals nothing: Ana can still decide, apart from Ben.
    assert "Two people code this passage" in ana.get(path)
    assert "What others said" not in ana.page

    lead = signed_in(app, "Lee")
    assert "not sure: Ana" in lead.get("/desk/differences")
    page = lead.get(f"/desk/differences/{item.item_id}")
    assert "Not sure: Ana." in page
    assert "Decide as Ana" not in page
    action = take(page, "Ben")
    assert lead.post(f"/desk/differences/{item.item_id}", action=action).status_code == 303
    assert standing(desk, item) == {("not-shared-between-agencies", "Lee")}
    assert open_differences(desk.store) == []
    assert "A lead has decided this passage" in ana.get(path)
    refused = ana.post(path, action="none")
    assert refused.status_code == 400
    assert {each.coder for each in independent_codings(desk.store)} == {"Ben"}


def test_where_both_are_not_sure_the_lead_alone_decides(app: Flask, desk: DeskWorld) -> None:
    item = twice(desk)
    for name in ("Ana", "Ben"):
        browser = signed_in(app, name)
        browser.get(f"/desk/items/{item.item_id}")
        browser.post(f"/desk/items/{item.item_id}", action="unsure", note=f"{name} asks")
    assert not any(review.n_judged for review in held_reviews(desk.store, axis="publication")[0])
    lead = signed_in(app, "Lee")
    page = lead.get(f"/desk/differences/{item.item_id}")
    assert "Not sure: Ana, Ben." in page
    assert "What they said" not in page
    assert lead.post(f"/desk/differences/{item.item_id}", action="none").status_code == 303
    (judgement,) = desk.store.iter_judgements()
    assert (judgement.coder, judgement.codes) == ("Lee", ())
    assert open_differences(desk.store) == []


def test_a_theme_that_only_one_has_is_a_difference_and_any_set_can_be_decided(
    app: Flask, desk: DeskWorld
) -> None:
    item = twice(desk)
    desk.code(item, desk.ana, NOT_SHARED)
    desk.code(item, desk.ben, NOT_SHARED, LATE)
    lead = signed_in(app, "Lee")
    page = lead.get(f"/desk/differences/{item.item_id}")
    theirs = page.split("What they said")[1].split("Or decide otherwise")[0]
    ana, ben = theirs.split("Decide as Ana")
    assert ana.count("<li>") == 1
    assert ben.count("<li>") == 2
    third = said("checks-not-made", number=1)
    both = said("shared-too-late") | third
    saved = lead.post(f"/desk/differences/{item.item_id}", action="save", **both)
    assert saved.status_code == 303
    assert standing(desk, item) == {("shared-too-late", "Lee"), ("checks-not-made", "Lee")}
    # What both coders said is kept as they said it, on the page of each and in files.
    kept = [(each.coder, set(each.codes)) for each in desk.store.iter_judgements()]
    assert kept[:2] == [("Ana", {NOT_SHARED}), ("Ben", {NOT_SHARED, LATE})]
    assert [coder for coder, _ in kept] == ["Ana", "Ben", "Lee"]
    exported = b"".join(judgement_chunks(desk.store, "jsonl")).decode()
    assert [exported.count(f'"coder": "{name}"') for name in ("Ana", "Ben", "Lee")] == [1, 1, 1]


def test_deciding_as_a_coder_takes_their_reforms_too(app: Flask, desk: DeskWorld) -> None:
    item = twice(desk)
    ana = signed_in(app, "Ana")
    ana.get(f"/desk/items/{item.item_id}")
    own = said(PROPOSED.theme, "change-proposed")
    ana.post(f"/desk/items/{item.item_id}", action="save", reform=REFORM, **own)
    desk.code(item, desk.ben)
    lead = signed_in(app, "Lee")
    page = lead.get(f"/desk/differences/{item.item_id}")
    assert (
        lead.post(f"/desk/differences/{item.item_id}", action=take(page, "Ana")).status_code == 303
    )
    (proposed,) = proposals_of(desk.store, REFORM)
    assert proposed.passage.passage_id == item.passage_id


def test_codes_that_a_lead_filled_in_are_not_lost_by_deciding_as_a_coder(
    app: Flask, desk: DeskWorld
) -> None:
    item = twice(desk)
    desk.code(item, desk.ana, NOT_SHARED)
    desk.code(item, desk.ben)
    lead = signed_in(app, "Lee")
    page = lead.get(f"/desk/differences/{item.item_id}")
    filled = said("shared-too-late")
    refused = lead.post(f"/desk/differences/{item.item_id}", action=take(page, "Ana"), **filled)
    assert refused.status_code == 400
    assert "Codes are filled in" in refused.text
    assert standing(desk, item) == set()  # Ben’s word, the newer, until somebody decides
    assert len(open_differences(desk.store)) == 1


def test_a_second_decision_stands_and_the_first_is_shown_and_kept(
    app: Flask, desk: DeskWorld
) -> None:
    item = twice(desk)
    desk.code(item, desk.ana, NOT_SHARED)
    desk.code(item, desk.ben, LATE)
    add_coder(desk.store, "Mo", Role.LEAD, PASSWORD, at=NOW)
    path = f"/desk/differences/{item.item_id}"
    for name, coder, theme in (("Lee", "Ana", NOT_SHARED.theme), ("Mo", "Ben", LATE.theme)):
        lead = signed_in(app, name)
        assert lead.post(path, action=take(lead.get(path), coder)).status_code == 303
        assert standing(desk, item) == {(theme, name)}
    lead = signed_in(app, "Lee")
    page = lead.get(path)
    assert "This is decided already" in page
    assert "<h3>Mo</h3>" in page.split("What was decided")[1].split("What they said")[0]
    # The same lead may think again; a coder's own later word changes nothing.
    assert lead.post(path, action="none").status_code == 303
    desk.code(get_item(desk.store, item.item_id), desk.ben, LATE)
    assert standing(desk, item) == set()
    assert [each.coder for each in desk.store.iter_judgements()] == [
        *("Ana", "Ben", "Lee", "Mo", "Lee", "Ben"),
    ]
    assert get_item(desk.store, item.item_id).state_of("Ana") is ItemState.SETTLED


def test_a_lead_who_was_not_sure_of_a_passage_sees_nothing_of_the_others_codes(
    app: Flask, desk: DeskWorld
) -> None:
    item = twice(desk, desk.ana.coder_id, desk.lead.coder_id)
    desk.code(item, desk.ana, NOT_SHARED)
    lead = signed_in(app, "Lee")
    lead.get(f"/desk/items/{item.item_id}")
    lead.post(f"/desk/items/{item.item_id}", action="unsure")
    page = lead.get(f"/desk/differences/{item.item_id}", 400)
    assert "This passage is yours to code" in page
    assert "Decide as Ana" not in page
    lead.get(f"/desk/items/{item.item_id}")
    lead.post(f"/desk/items/{item.item_id}", action="none")
    assert {each.coder for each in independent_codings(desk.store)} == {"Ana", "Lee"}


def test_a_lead_never_decides_what_they_coded_for_this_draw_or_another(
    app: Flask, desk: DeskWorld
) -> None:
    first = twice(desk, desk.ana.coder_id, desk.lead.coder_id)
    desk.code(first, desk.ana, NOT_SHARED)
    desk.code(first, desk.lead, LATE)
    lead = signed_in(app, "Lee")
    page = lead.get(f"/desk/differences/{first.item_id}")
    refused = lead.post(f"/desk/differences/{first.item_id}", action=take(page, "Ana"))
    assert refused.status_code == 400
    assert "You judged this passage yourself" in refused.text
    # What they said of a passage elsewhere, such as in a file, counts as much.
    desk.draw(size=1, double_share=1)
    other = desk.items()[-1]
    assert other.passage_id != first.passage_id
    desk.code(other, desk.ana, NOT_SHARED)
    desk.code(other, desk.ben)
    (passage,) = desk.store.get_passages([other.passage_id])
    desk.store.add_judgement(make_judgement(passage, LATE, coder="Lee"))
    page = lead.get(f"/desk/differences/{other.item_id}")
    refused = lead.post(f"/desk/differences/{other.item_id}", action=take(page, "Ana"))
    assert "You judged this passage yourself" in refused.text
    assert len(open_differences(desk.store)) == 2


@pytest.mark.browser
def test_a_lead_decides_by_keys_alone(app: Flask, desk: DeskWorld) -> None:
    desk.draw(size=3, double_share=1)
    first, second, third = desk.items()
    for item in (first, second, third):
        desk.code(item, desk.ana, NOT_SHARED)
        desk.code(item, desk.ben, LATE)
    with serve_app(app) as address, chromium() as browser:
        page = browser.new_context(base_url=address).new_page()
        page.set_default_timeout(60_000)
        page.goto("/desk/sign-in?next=/desk/differences")
        for typed in ("Lee", PASSWORD):
            page.locator("#name" if typed == "Lee" else "#password").focus()
            page.keyboard.type(typed)
        page.keyboard.press("Enter")
        page.locator(".record-list a").first.wait_for()
        decide_by_keys(page, "t")
        decide_by_keys(page, "g")
        decide_by_keys(page, "n")
        assert "Nothing waits" in page.content()
    assert standing(desk, first) == {(NOT_SHARED.theme, "Lee")}
    assert standing(desk, second) == {(LATE.theme, "Lee")}
    assert standing(desk, third) == set()


def decide_by_keys(page: Page, key: str) -> None:
    """Open the first that waits, and decide it."""
    page.keyboard.press("j")
    page.wait_for_url("**/desk/differences/*")
    page.keyboard.press(key)
    page.wait_for_url("**/desk/differences")
