"""A walk through every page of the portal and the desk, in one tab, a template at least once."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path

from admitting import admit_texts, report_texts, review_of
from desk_world import NOW, PASSWORD, DeskWorld, make_desk
from fakes import FakeEncoder
from flask import Flask, abort, template_rendered
from jinja2 import Template
from mail_server import MailServer, open_mail_server, text_of
from playwright.sync_api import Page
from portal_world import PortalWorld, make_world
from samples import make_code
from served import serve_app

import web
from corpus.alerts import iter_subscriptions, new_link
from corpus.groups import merge
from corpus.model import Stance
from web.alerts.signup import A_CALLER_AN_HOUR
from web.holdings import Library
from web.publishing import publish

TEMPLATES = Path(web.__file__).parent / "templates"

_FAILURES = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.TOO_MANY_REQUESTS)


def templates_to_see() -> set[str]:
    """Every template that is a page: parts begin with ``_``, mails are no pages."""
    return {
        path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.rglob("*.html")
        if not path.name.startswith("_") and path.parent.name != "mail" and path.stem != "base"
    }


@dataclass
class Portal:
    """A served portal with all that its pages can show, and the templates seen so far."""

    world: PortalWorld
    data_dir: Path
    address: str
    mail: MailServer
    seen: set[str] = field(default_factory=set)


@contextmanager
def serve_portal(data_dir: Path) -> Iterator[Portal]:
    """Serve an invented library with a snapshot, a merged review and a mail server."""
    world = make_world(data_dir)
    library = world.app.extensions["throughline_library"]
    assert isinstance(library, Library)
    library.encoder = FakeEncoder
    _add_failures(world.app)
    publish(library, created_at=NOW)
    _merge(world)
    with open_mail_server() as mail, serve_app(world.app) as address:
        library.settings = replace(library.settings, **mail.settings)
        portal = Portal(world, data_dir, address, mail)

        def note(_sender: Flask, template: Template, **_more: object) -> None:
            portal.seen.add(template.name or "")

        with template_rendered.connected_to(note, world.app):
            yield portal


def walk(portal: Portal, page: Page) -> Iterator[str]:
    """Bring the tab to one state of the portal after another; gives what each is called."""
    yield from _readers_pages(portal, page)
    yield from _report_file(portal, page)
    yield from _failures(portal, page)
    yield from _alerts(portal, page)
    yield from _desk(portal, page)


def addresses(world: PortalWorld) -> tuple[str, ...]:
    """The pages that a reader comes to by links and forms that are sent with GET."""
    return (
        "/",
        "/search",
        "/search?q=school&nation=England&kind=digest",
        "/search?q=school&from=soon",
        "/search?theme=unwilling-to-share",
        "/reviews",
        "/reviews/ann-example-1974",
        "/reviews/report-2013",
        f"/documents/{world.report_2013[0].document_id}",
        f"/documents/{world.news[0].document_id}",
        f"/passages/{world.report_2013[0].passage_id}",
        f"/passages/{world.digest_1974[0].passage_id}",
        "/themes",
        "/themes/lost-at-boundaries",
        "/themes/not-shared-between-agencies?stance=change-proposed",
        "/reforms/reform-single-unique-identifier",
        "/recurrence",
        "/recurrence?theme=siloed-working",
        "/compare",
        "/compare?what=nations&a=England&b=Wales",
        "/counts",
        "/published-figures",
        "/sources",
        "/snapshots",
        "/method",
        "/about",
        "/reports",
        "/reports/1974",
        "/api/v1/docs",
        "/api/v1/errors/not-found",
    )


def _readers_pages(portal: Portal, page: Page) -> Iterator[str]:
    for path in addresses(portal.world):
        page.goto(portal.address + path)
        yield path
    page.goto(f"{portal.address}/counts?from=1974&to=2026")
    page.locator('a[href^="/counts/passages"]').first.click()
    page.wait_for_load_state("domcontentloaded")
    yield "the passages behind a figure"


def _report_file(portal: Portal, page: Page) -> Iterator[str]:
    """The file is opened from disk, as its reader does; its template is not Flask's."""
    answer = portal.world.client.get("/reports/1974/files/html")
    path = portal.data_dir / "report.html"
    path.write_bytes(answer.get_data())
    page.goto(path.as_uri())
    portal.seen.add("report_file.html")
    yield "the report as a file"


def _failures(portal: Portal, page: Page) -> Iterator[str]:
    wanted = {"/nothing-here": 404, "/search.atom?colour=blue": 400, "/fails/now": 500}
    wanted |= {f"/fails/{status.value}": status.value for status in _FAILURES}
    for path, status in wanted.items():
        answer = page.goto(portal.address + path)
        assert answer is not None
        assert answer.status == status, path
        yield path


def _alerts(portal: Portal, page: Page) -> Iterator[str]:
    _ask(portal, page)
    yield "a mail was asked for"
    found = re.search(r"/alerts/confirm/[\w-]+", text_of(portal.mail.mails.pop()))
    assert found
    yield from _press(portal, page, found[0])
    (follower,) = iter_subscriptions(portal.world.store)
    token = new_link(portal.world.store, follower.subscription_id, now=NOW)
    yield from _press(portal, page, f"/alerts/leave/{token}")
    form = {"theme": "shared-too-late", "email": "reader@example.org"}
    for _ in range(A_CALLER_AN_HOUR):
        portal.world.client.post("/alerts", data=form)
    _ask(portal, page)
    yield "too many mails were asked for"


def _desk(portal: Portal, page: Page) -> Iterator[str]:
    page.goto(f"{portal.address}/desk/")
    yield "the desk without an account"
    desk = make_desk(portal.data_dir)
    _differ(desk)
    page.goto(f"{portal.address}/desk/")
    yield "signing in"
    _sign_in(page, "Ana")
    yield "what is to be coded"
    open_item = next(item for item in desk.items(desk.ana) if not item.judged)
    finding = portal.world.digest_1974[0].passage_id
    for path in (f"items/{open_item.item_id}", f"echoes/{finding}", "progress", "password"):
        page.goto(f"{portal.address}/desk/{path}")
        yield f"the desk's {path} for a coder"
    page.evaluate("document.querySelector('main form [name=csrf_token]').value = 'old'")
    page.click("main form button")
    yield "a form that is too old"
    page.context.clear_cookies()
    page.goto(f"{portal.address}/desk/")
    _sign_in(page, "Lee")
    for path in ("progress", "draws", "draws/1", "differences", "agreement"):
        page.goto(f"{portal.address}/desk/{path}")
        yield f"the desk's {path} for a lead"
    page.goto(f"{portal.address}/desk/differences")
    page.locator(".record-list a").first.click()
    page.wait_for_load_state("domcontentloaded")
    yield "a difference"


def _add_failures(app: Flask) -> None:
    # What only a flood or a fault brings about is brought about by an address of the test's own.
    def fail(how: str) -> str:
        if how.isdecimal():
            abort(int(how))
        raise RuntimeError(how)

    app.add_url_rule("/fails/<how>", view_func=fail)


def _merge(world: PortalWorld) -> None:
    texts = report_texts("amber")
    _, one = admit_texts(world.store, texts, "https://example.org/1", title="A full report")
    admit_texts(world.store, [*texts, "Copied."], "https://example.org/2", title="A copy of it")
    found = review_of(world.store, one) or ""
    merge(world.store, found, "report-2013", reason="The board says so.", by="ed", at=NOW)


def _differ(desk: DeskWorld) -> None:
    """Two coders who judged one passage differently, and have others left to judge."""
    desk.draw(size=3, double_share=1)
    item = desk.items(desk.ana)[0]
    desk.code(item, desk.ana, make_code())
    desk.code(item, desk.ben, make_code("shared-too-late", Stance.CHANGE_PROPOSED))


def _press(portal: Portal, page: Page, path: str) -> Iterator[str]:
    """Open a mailed link and press its button."""
    what = path.split("/")[2]
    page.goto(portal.address + path)
    yield f"the link to {what}"
    page.click("main form button")
    yield f"after the link to {what}"


def _ask(portal: Portal, page: Page) -> None:
    page.goto(f"{portal.address}/search?theme=shared-too-late")
    page.fill("#f-email", "reader@example.org")
    page.click("form[action='/alerts'] button")
    page.wait_for_url("**/alerts")


def _sign_in(page: Page, name: str) -> None:
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/desk/")
