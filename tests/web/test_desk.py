import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from desk_browser import Browser
from desk_world import NOW, PASSWORD, DeskWorld, make_desk
from flask import Flask
from samples import make_code

from corpus.coders import disable_coder, set_password
from corpus.coding_items import CodingItem, ItemState
from corpus.codings import Doubt, read_draft, save_doubt
from corpus.findings import findings_of
from corpus.settings import Settings
from web.app import create_app
from web.desk.doors import safe_next
from web.desk.sessions import load_secret_key


@pytest.fixture
def desk(tmp_path: Path) -> DeskWorld:
    return make_desk(tmp_path / "data")


@pytest.fixture
def app(desk: DeskWorld, tmp_path: Path) -> Flask:
    del desk
    app = create_app(Settings(data_dir=tmp_path / "data"))
    app.testing = True
    return app


@pytest.fixture
def ana(app: Flask) -> Browser:
    browser = Browser(app.test_client())
    assert browser.sign_in("Ana").status_code == 303
    return browser


def only_item(desk: DeskWorld) -> CodingItem:
    """One passage for Ana in which the machine finds a failing."""
    desk.draw(size=12, coder_ids=(desk.ana.coder_id,))
    (item, *_) = [i for i in desk.items() if desk.store.machine_findings([i.passage_id])]
    return item


FAILING = {
    "theme-0": "not-shared-between-agencies",
    "stance-0": "failing-found",
    "level-0": "case",
    "attribution-0": "own-voice",
}
MACHINES = FAILING | {"was-0": "not-shared-between-agencies|failing-found|case|own-voice"}


# -- the door --------------------------------------------------------------------


def test_without_an_account_the_desk_is_off_and_says_how_to_add_one(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path / "empty"))
    page = app.test_client().get("/desk/")
    assert "throughline coder add NAME --role lead" in page.text
    assert "Set-Cookie" not in page.headers
    assert not (tmp_path / "empty" / "secret.key").exists()


def test_no_other_page_sets_or_varies_by_a_cookie(app: Flask, ana: Browser) -> None:
    del app
    response = ana.client.get("/about")
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")


def test_the_cookie_is_kept_from_scripts_and_other_sites_and_the_key_from_others(
    app: Flask, desk: DeskWorld, tmp_path: Path
) -> None:
    cookie = Browser(app.test_client()).sign_in("ana").headers["Set-Cookie"]
    assert {"HttpOnly", "Path=/desk", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    key = tmp_path / "data" / "secret.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert load_secret_key(tmp_path / "data") == key.read_text() == app.secret_key
    public = create_app(
        Settings(data_dir=tmp_path / "data", public_url="https://throughline.example.org")
    )
    assert "Secure" in Browser(public.test_client()).sign_in("ana").headers["Set-Cookie"]
    del desk


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://throughline.example.org"}])
def test_one_signs_in_over_https_also_without_saying_whence(
    desk: DeskWorld, tmp_path: Path, headers: dict[str, str]
) -> None:
    del desk
    address = "https://throughline.example.org"
    app = create_app(Settings(data_dir=tmp_path / "data", public_url=address))
    browser = Browser(app.test_client())
    browser.page = browser.client.get("/desk/sign-in", base_url=address).text
    sent = {"name": "Ana", "password": PASSWORD, "csrf_token": browser.hidden("csrf_token")}
    response = browser.client.post("/desk/sign-in", data=sent, base_url=address, headers=headers)
    assert response.status_code == 303


def test_pages_of_the_desk_are_never_cached_and_ask_to_sign_in(app: Flask, desk: DeskWorld) -> None:
    desk.draw()
    client = app.test_client()
    for path in ("/desk/", "/desk/items/1", "/desk/progress", "/desk/draws"):
        response = client.get(path)
        assert response.status_code == 302, path
        assert response.headers["Location"] == f"/desk/sign-in?next={path}"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Robots-Tag"] == "noindex"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(app: Flask) -> None:
    pages = []
    for name in ("Ana", "Nobody"):
        browser = Browser(app.test_client())
        response = browser.sign_in(name, "wrong wrong wrong")
        assert response.status_code == 403
        pages.append(re.sub(r'name="csrf_token" value="[^"]*"', "", response.text))
    assert pages[0] == pages[1]


def test_signing_in_is_limited_and_the_limit_holds_the_right_password_too(app: Flask) -> None:
    browser = Browser(app.test_client())
    statuses = [browser.sign_in("Ana", "wrong wrong wrong").status_code for _ in range(10)]
    assert statuses == [403] * 10
    refused = browser.sign_in("Ana")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "\t//evil.example",
        "https:evil.example",
        "https://evil.example/desk/",
        "/desk/../../evil",
        "/desk//evil.example",
        "/about",
        "javascript:alert(1)",
        "/desk/\nx",
        "",
    ],
)
def test_after_signing_in_one_stays_on_the_desk(app: Flask, address: str) -> None:
    with app.test_request_context():
        assert safe_next(address) == "/desk/"
        assert safe_next("/desk/items/3") == "/desk/items/3"


def test_forms_without_a_token_or_from_elsewhere_do_nothing(desk: DeskWorld, ana: Browser) -> None:
    item = only_item(desk)
    path = f"/desk/items/{item.item_id}"
    assert ana.client.post(path, data={"action": "none"}).status_code == 400
    ana.get(path)
    foreign = ana.client.post(
        path,
        data={"action": "none", "csrf_token": ana.hidden("csrf_token")},
        headers={"Origin": "https://evil.example"},
    )
    assert foreign.status_code == 400
    assert list(desk.store.iter_judgements()) == []


def test_a_new_password_and_disabling_end_the_session(desk: DeskWorld, ana: Browser) -> None:
    ana.get("/desk/")
    set_password(desk.store, "Ana", PASSWORD + " at all")
    ana.get("/desk/", 302)
    assert ana.sign_in("Ana", PASSWORD + " at all").status_code == 303
    disable_coder(desk.store, "Ana", at=NOW)
    ana.get("/desk/", 302)


def test_signing_out_ends_the_session_also_for_a_copied_cookie(app: Flask, ana: Browser) -> None:
    cookie = ana.client.get_cookie("throughline_desk", path="/desk")
    assert cookie is not None
    ana.get("/desk/")
    assert ana.post("/desk/sign-out").status_code == 303
    thief = app.test_client()
    thief.set_cookie("throughline_desk", cookie.value, path="/desk")
    assert thief.get("/desk/").status_code == 302


def test_a_coder_gets_none_of_a_leads_pages_and_none_of_others_passages(
    app: Flask, desk: DeskWorld, ana: Browser
) -> None:
    desk.draw(size=2, coder_ids=(desk.ben.coder_id,))
    for path in ("progress", "draws", "draws/1", "differences", "differences/1", "agreement"):
        ana.get(f"/desk/{path}", 403)
    for path in ("draws", "hand-over", "draws/1/extend", "differences/1"):
        ana.get("/desk/")
        assert ana.post(f"/desk/{path}").status_code == 403
    ana.get("/desk/items/1", 404)
    del app


# -- coding ----------------------------------------------------------------------


def test_the_machines_code_must_be_decided_before_anything_is_saved(
    desk: DeskWorld, ana: Browser
) -> None:
    item = only_item(desk)
    page = ana.get(f"/desk/items/{item.item_id}")
    assert "Code 1: the machine’s" in page
    assert '<mark class="evidence">Nobody</mark>' in page
    refused = ana.post(f"/desk/items/{item.item_id}", **MACHINES, note="kept as typed")
    assert refused.status_code == 400
    assert "Code 1 is the machine’s: confirm it or overturn it." in refused.text
    assert "kept as typed" in refused.text
    saved = ana.post(f"/desk/items/{item.item_id}", **MACHINES, action="confirm")
    assert saved.status_code == 303
    (judgement,) = desk.store.iter_judgements()
    assert judgement.codes == (make_code(),)
    assert (judgement.coder, judgement.tagger_version) == ("Ana", "t1")
    assert judgement.codebook_version


def test_a_code_can_be_changed_and_another_added(desk: DeskWorld, ana: Browser) -> None:
    item = only_item(desk)
    ana.get(f"/desk/items/{item.item_id}")
    more = {name.replace("0", "1"): value for name, value in FAILING.items()}
    saved = ana.post(
        f"/desk/items/{item.item_id}",
        **(MACHINES | {"decision-0": "confirm", "level-0": "system"}),
        **(more | {"theme-1": "shared-too-late"}),
        action="save",
        reform="reform-duty-to-share",
        note="  Both. ",
    )
    assert saved.status_code == 303, saved.text
    (judgement,) = desk.store.iter_judgements()
    assert {(code.theme, code.level.value) for code in judgement.codes} == {
        ("not-shared-between-agencies", "system"),
        ("shared-too-late", "case"),
    }
    assert (judgement.reforms, judgement.note) == (("reform-duty-to-share",), "Both.")


def test_overturning_leaves_no_theme_and_not_sure_leaves_no_judgement(
    desk: DeskWorld, ana: Browser
) -> None:
    item = only_item(desk)
    path = f"/desk/items/{item.item_id}"
    ana.get(path)
    assert ana.post(path, **MACHINES, action="unsure", note="Whose voice?").status_code == 303
    assert list(desk.store.iter_judgements()) == []
    assert desk.items()[item.position].state_of("Ana") is ItemState.UNSURE
    ana.get(path)
    assert (
        ana.post(path, **MACHINES, action="save", **{"decision-0": "overturn"}).status_code == 303
    )
    (judgement,) = desk.store.iter_judgements()
    assert judgement.codes == ()
    assert findings_of(desk.store, [item.passage_id], include_possible=True) == {}


def test_no_theme_is_not_said_while_a_code_is_filled_in(desk: DeskWorld, ana: Browser) -> None:
    item = only_item(desk)
    ana.get(f"/desk/items/{item.item_id}")
    refused = ana.post(f"/desk/items/{item.item_id}", **FAILING, action="none")
    assert refused.status_code == 400
    assert "Codes are filled in" in refused.text


def test_a_form_sent_twice_is_one_judgement(desk: DeskWorld, ana: Browser) -> None:
    item = only_item(desk)
    ana.get(f"/desk/items/{item.item_id}")
    for _ in range(2):
        assert ana.post(f"/desk/items/{item.item_id}", action="none").status_code == 303
    assert len(list(desk.store.iter_judgements())) == 1


def test_a_blind_item_shows_neither_the_machine_nor_the_other_coder(
    desk: DeskWorld, ana: Browser
) -> None:
    desk.draw(size=12, double_share=1)
    (item, *_) = [i for i in desk.items() if desk.store.machine_findings([i.passage_id])]
    page = ana.get(f"/desk/items/{item.item_id}")
    assert "the machine’s</legend>" not in page
    assert item.passage_id not in page
    assert "<mark" not in page
    assert '<details id="entry-not-shared-between-agencies" open' not in page
    desk.code(item, desk.ben, make_code("shared-too-late"))
    assert "Ben" not in ana.get(f"/desk/items/{item.item_id}")
    ana.post(f"/desk/items/{item.item_id}", **FAILING)
    page = ana.get(f"/desk/items/{item.item_id}")
    assert "What others said" in page
    assert "Ben" in page
    (mine,) = [each for each in desk.store.iter_judgements() if each.coder == "Ana"]
    assert mine.tagger_version is None


def test_what_was_typed_comes_back_after_signing_in_again(desk: DeskWorld, ana: Browser) -> None:
    item = only_item(desk)
    path = f"/desk/items/{item.item_id}"
    ana.get(path)
    set_password(desk.store, "Ana", PASSWORD)  # ends the session
    note = 'A long note with "quotes", <b>marks</b> & more.'
    lost = ana.post(path, **(MACHINES | {"decision-0": "confirm"}), note=note, action="save")
    assert lost.status_code == 401
    assert "what you typed comes with you" in lost.text
    # A mistyped password does not lose it either.
    ana.post("/desk/sign-in", name="Ana", password="wrong wrong wrong")
    back = ana.post("/desk/sign-in", name="Ana", password=PASSWORD)
    assert back.headers["Location"] == path
    page = ana.get(path)
    assert "It is not saved yet" in page
    assert "A long note with &#34;quotes&#34;, &lt;b&gt;marks&lt;/b&gt; &amp; more." in page
    assert list(desk.store.iter_judgements()) == []
    saved = ana.post(path, **(MACHINES | {"decision-0": "confirm"}), note=note, action="save")
    assert saved.status_code == 303
    (judgement,) = desk.store.iter_judgements()
    assert judgement.note == note


def test_what_the_store_refuses_is_not_lost(desk: DeskWorld, ana: Browser) -> None:
    item = only_item(desk)
    path = f"/desk/items/{item.item_id}"
    ana.get(path)
    with desk.store.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER refuse BEFORE INSERT ON judgements "
            "BEGIN SELECT RAISE(ABORT, 'no space'); END"
        )
    refused = ana.post(path, **(MACHINES | {"decision-0": "confirm"}), note="typed for long")
    assert refused.status_code == 400
    assert "Nothing was changed" in refused.text
    assert "typed for long" in refused.text
    with desk.store.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER refuse")
    assert ana.post(path, **(MACHINES | {"decision-0": "confirm"})).status_code == 303
    assert len(list(desk.store.iter_judgements())) == 1


def test_what_is_forged_to_come_along_with_a_sign_in_is_left(app: Flask, desk: DeskWorld) -> None:
    desk.draw(size=1)
    whole = '{"item_id": %s, "contents": {"note": "x", "rows": [], "reforms": []}}'
    bad = ("{", "[]", '{"item_id": 99, "contents": {}}', '{"item_id": "x"}', "[" * 50_000)
    for carried in (*bad, whole % 99, whole % 10**30):
        browser = Browser(app.test_client())
        browser.get("/desk/sign-in")
        response = browser.post("/desk/sign-in", name="Ana", password=PASSWORD, carried=carried)
        assert response.status_code == 303, carried


def test_a_draft_that_another_coder_left_at_the_door_is_not_taken_in(
    app: Flask, desk: DeskWorld
) -> None:
    desk.draw(size=1, coder_ids=(desk.ana.coder_id,))
    (item,) = desk.items()
    browser = Browser(app.test_client())
    browser.get("/desk/sign-in")
    carried = '{"item_id": %d, "contents": {"note": "Ana’s", "rows": [], "reforms": []}}'
    browser.post("/desk/sign-in", name="Ben", password=PASSWORD, carried=carried % item.item_id)
    assert read_draft(desk.store, item.item_id, desk.ben.coder_id) is None


def test_a_note_that_is_too_long_comes_back_whole(desk: DeskWorld, ana: Browser) -> None:
    item = only_item(desk)
    path = f"/desk/items/{item.item_id}"
    ana.get(path)
    for action in ("none", "unsure", "confirm"):
        refused = ana.post(path, **MACHINES, action=action, note="é" * 5001)
        assert refused.status_code == 400
        assert "The note has 5,001 characters" in refused.text
        assert "é" * 5001 in refused.text
    assert ana.post(path, **MACHINES, action="confirm", note="A 😀\0note").status_code == 303
    (judgement,) = desk.store.iter_judgements()
    assert judgement.note == "A 😀note"


def test_addresses_that_nobody_has_are_not_found_and_never_cached(ana: Browser) -> None:
    for path in (f"items/{10**30}", "items/0", "no-such-page", "echoes/x"):
        response = ana.client.get(f"/desk/{path}")
        assert response.status_code == 404, path
        assert response.headers["Cache-Control"] == "no-store", path


# -- the lead --------------------------------------------------------------------


def test_a_lead_draws_and_a_form_that_cannot_be_used_comes_back(
    app: Flask, desk: DeskWorld
) -> None:
    lead = Browser(app.test_client())
    lead.sign_in("Lee")
    lead.get("/desk/draws")
    asked = {
        "title": "Year's sample",
        "kind": "reviews",
        "size": "3",
        "seed": "7",
        "double": "50",
        "random": "25",
        "coders": [str(desk.ana.coder_id), str(desk.ben.coder_id)],
    }
    refused = lead.post("/desk/draws", **(asked | {"size": "99"}))
    assert refused.status_code == 400
    assert "6 could be drawn, and 99 were asked for" in refused.text
    assert "Year&#39;s sample" in refused.text
    drawn = lead.post("/desk/draws", **asked)
    assert drawn.headers["Location"] == "/desk/draws/1"
    page = lead.get("/desk/draws/1")
    assert "6, 3 of them twice" in page
    assert "0.5000" in page
    assert "0 of 3 reviews drawn whole are checked" in lead.get("/desk/progress")


def test_a_lead_who_codes_a_passage_sees_nothing_of_it_before(app: Flask, desk: DeskWorld) -> None:
    desk.draw(size=1, double_share=1, coder_ids=(desk.ana.coder_id, desk.lead.coder_id))
    (item,) = desk.items()
    doubt = Doubt(
        passage_id=item.passage_id, coder="Ana", doubted_at=NOW, codebook_version="t", note="Hm"
    )
    save_doubt(desk.store, doubt, token="a-doubt", item_id=item.item_id)
    lead = Browser(app.test_client())
    lead.sign_in("Lee")
    page = lead.get(f"/desk/differences/{item.item_id}", 400)
    assert "This passage is yours to code" in page
    desk.code(item, desk.lead)
    lead.get(f"/desk/differences/{item.item_id}")


def test_a_lead_decides_a_difference_and_agreement_is_shown(app: Flask, desk: DeskWorld) -> None:
    desk.draw(size=2, double_share=1)
    first, second = desk.items()
    desk.code(first, desk.ana, make_code())
    desk.code(first, desk.ben)
    lead = Browser(app.test_client())
    lead.sign_in("Lee")
    assert "1 passage waits" in lead.get("/desk/differences")
    lead.get(f"/desk/differences/{second.item_id}", 404)
    page = lead.get(f"/desk/differences/{first.item_id}")
    (take,) = re.findall(r'value="(take-\d+)"[^>]*>Decide as Ana', page)
    assert lead.post(f"/desk/differences/{first.item_id}", action=take).status_code == 303
    assert "Nothing waits" in lead.get("/desk/differences")
    (found,) = findings_of(desk.store, [first.passage_id])[first.passage_id]
    assert (found.code, found.coder) == (make_code(), "Lee")
    page = lead.get("/desk/agreement")
    assert "1 passage was coded apart" in page
    assert not re.search(r"\bnan\b", page, re.IGNORECASE)


def test_a_judgement_names_the_tagger_whose_codes_its_coder_saw(
    desk: DeskWorld, ana: Browser
) -> None:
    item = only_item(desk)
    ana.get(f"/desk/items/{item.item_id}")
    shown = desk.store.machine_findings([item.passage_id])[item.passage_id]
    before = shown[0].tagger_version
    anew = [replace(each, tagger_version="newer-1") for each in shown]
    desk.store.put_findings({item.passage_id: anew}, tagger_version="newer-1")
    assert ana.post(f"/desk/items/{item.item_id}", action="confirm", **MACHINES).status_code == 303
    # What was not signed here, or for another passage, counts for nothing.
    others = [each for each in desk.items() if each.passage_id != item.passage_id]
    ana.get(f"/desk/items/{others[0].item_id}")
    seen = ana.hidden("seen")
    for said in (seen, "made-up", ""):
        ana.get(f"/desk/items/{item.item_id}")
        note = f"again {said}"
        sent = ana.post(f"/desk/items/{item.item_id}", action="none", note=note, seen=said)
        assert sent.status_code == 303
    taggers = [
        each.tagger_version
        for each in desk.store.iter_judgements(passage_id=item.passage_id)
        if each.coder == "Ana"
    ]
    assert taggers == [before, "newer-1", "newer-1", "newer-1"]
    assert before != "newer-1"
