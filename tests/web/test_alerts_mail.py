"""Following by e-mail: double opt-in, one click to leave, and no match sent twice."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from mail_server import MailServer, open_mail_server, text_of
from portal_world import PortalWorld, make_world
from samples import make_code, make_document, make_finding
from shell import Shell
from werkzeug.test import TestResponse

from corpus.alerts import iter_subscriptions
from corpus.store import DATABASE_NAME
from web.alerts.digests import SendReport, send_digests
from web.alerts.post import MailRefusedError, Post, open_post
from web.alerts.signup import A_CALLER_AN_HOUR
from web.app import create_app
from web.holdings import Library
from web.withdrawing import withdraw

ADDRESS = "reader@example.org"
SITE = "https://throughline.example.org"
SEARCH = {"theme": "shared-too-late"}
START = dt.datetime(2026, 3, 4, 5, 6, tzinfo=dt.UTC)


@dataclass
class Followers:
    """An invented portal that can send mail, and its mail server."""

    world: PortalWorld
    server: MailServer
    data_dir: Path
    now: dt.datetime = START

    @property
    def own_library(self) -> Library:
        library = self.world.app.extensions["throughline_library"]
        assert isinstance(library, Library)
        return library

    def ask(self, address: str = ADDRESS, **changes: object) -> TestResponse:
        """Send the form of the search page."""
        headers = changes.pop("headers", {"Sec-Fetch-Site": "same-origin"})
        assert isinstance(headers, Mapping)
        search = changes.pop("search", SEARCH)
        assert isinstance(search, dict)
        form = search | {"email": address}
        return self.world.client.post("/alerts", data=form, headers=dict(headers))

    def post_link(self, mail: EmailMessage, which: str, **data: str) -> TestResponse:
        """Press the button behind a mail's link, or let a mail program do so."""
        return self.world.client.post(link_in(mail, which), data=data)

    def follow(self, address: str = ADDRESS, **search: str) -> None:
        """Ask and confirm; the mail for it is taken out of the box."""
        assert self.ask(address, search=search or SEARCH).status_code == 200
        assert self.post_link(self.server.mails.pop(), "confirm").status_code == 200

    def add(self, text: str, *themes: str, identity: str = "file:new", **changes: object) -> str:
        """Take in and analyse a document; returns its id."""
        document, (passage,) = make_document(
            [text], identity=identity, **({"title": f"About {identity}"} | changes)
        )
        self.world.store.add_document(document, [passage])
        found = [make_finding(passage, make_code(theme)) for theme in themes]
        self.world.store.put_findings({passage.passage_id: found}, tagger_version="keyword-1")
        return document.document_id

    def send(self, post: Post | None = None) -> SendReport:
        """One run of ``alerts send``, a day after the last."""
        self.now += dt.timedelta(days=1)
        if post is not None:
            return send_digests(self.own_library, post, clock=lambda: self.now)
        with open_post(self.own_library.settings) as opened:
            return send_digests(self.own_library, opened, clock=lambda: self.now)


def link_in(mail: EmailMessage, which: str) -> str:
    """The path of a mail's link to ``/alerts/<which>/``."""
    found = re.search(rf"{SITE}(/alerts/{which}/[\w-]+)", text_of(mail))
    assert found
    return found[1]


@pytest.fixture
def followers(tmp_path: Path) -> Iterator[Followers]:
    world = make_world(tmp_path)
    with open_mail_server() as server:
        library = world.app.extensions["throughline_library"]
        library.settings = replace(library.settings, **server.settings)
        yield Followers(world, server, tmp_path)


def test_without_a_mail_server_no_form_is_offered(world: PortalWorld) -> None:
    assert 'action="/alerts"' not in world.get("/search?q=letter")


def test_nothing_but_a_link_is_mailed_until_its_button_is_pressed(followers: Followers) -> None:
    page = followers.world.get("/search?theme=shared-too-late")
    assert 'action="/alerts" method="post"' in page
    assert '<input type="hidden" name="theme" value="shared-too-late">' in page
    assert "Look in your mailbox" in followers.ask().get_data(as_text=True)
    (mail,) = followers.server.mails
    assert mail["To"] == ADDRESS
    assert "theme: Shared too late" in text_of(mail)
    assert "theme: Shared too late" in text_of(mail, "html")
    followers.add("Late.", "shared-too-late")
    # What opens the links of mails by itself confirms nothing.
    opened = followers.world.client.get(link_in(mail, "confirm"))
    assert (opened.status_code, opened.headers["Cache-Control"]) == (200, "no-store")
    assert opened.headers["X-Robots-Tag"] == "noindex"
    assert followers.send().followed == 0
    assert followers.post_link(mail, "confirm").status_code == 200
    assert followers.send().nothing_new == 1
    assert len(followers.server.mails) == 1


def test_a_letter_cannot_be_sent_to_somebody_else_as_a_search(followers: Followers) -> None:
    letter = "Dear reader, " + "please open this page at once " * 60
    followers.ask(search={"q": letter})
    (mail,) = followers.server.mails
    assert "Dear reader" in text_of(mail)
    assert len(text_of(mail)) < 1000


def test_a_digest_says_what_is_new_why_and_how_to_stop(followers: Followers) -> None:
    held = followers.add("It came.", identity="file:held")
    followers.follow()
    followers.add("A letter came late <b>.", "shared-too-late", title="A <b>report</b>")
    followers.add("It came late.", "shared-too-late", identity="file:held")
    report = followers.send()
    assert (report.sent, report.documents, report.problems) == (1, 2, [])
    (mail,) = followers.server.mails
    assert mail["Subject"].startswith("Throughline: 2 new matches for theme: Shared too late")
    plain, html = text_of(mail), text_of(mail, "html")
    assert plain.index("NEW HERE") < plain.index("A <b>report</b>") < plain.index("HELD BEFORE")
    assert "New text of a document held before" in plain
    assert "Shared too late / too slowly (failing found, by machine)" in plain
    assert f"{SITE}/documents/" in plain
    assert "A &lt;b&gt;report&lt;/b&gt;" in html
    assert "letter" not in plain + html  # a passage's words never leave by mail
    leave = f"{SITE}{link_in(mail, 'leave')}"
    assert mail["List-Unsubscribe"] == f"<{leave}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert held not in plain


def test_one_click_of_a_mail_program_stops_and_deletes_the_address(followers: Followers) -> None:
    followers.follow()
    followers.add("Late.", "shared-too-late")
    followers.send()
    mail = followers.server.mails.pop()
    page = followers.world.get(link_in(mail, "leave"))
    assert "Stop following this search?" in page
    assert len(list(iter_subscriptions(followers.world.store))) == 1
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example.org"}
    body = {"List-Unsubscribe": "One-Click"}
    for _ in range(2):
        done = followers.world.client.post(link_in(mail, "leave"), data=body, headers=headers)
        assert done.status_code == 200
    assert list(iter_subscriptions(followers.world.store)) == []
    followers.add("Later.", "shared-too-late", identity="file:other")
    assert followers.send().followed == 0
    with followers.world.store.reading() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert ADDRESS.encode() not in (followers.data_dir / DATABASE_NAME).read_bytes()


def test_no_match_is_sent_twice_by_tagging_again_a_restart_or_the_clock(
    followers: Followers,
) -> None:
    followers.follow()
    followers.add("Late.", "shared-too-late")
    assert followers.send().sent == 1
    store = followers.world.store
    (passage,) = [p for p in store.iter_passages() if p.text == "Late."]
    for version, themes in (("t2", []), ("t3", ["shared-too-late", "siloed-decisions"])):
        found = [make_finding(passage, make_code(theme)) for theme in themes]
        store.put_findings({passage.passage_id: found}, tagger_version=version)
        assert followers.send().sent == 0
    followers.now = START - dt.timedelta(days=4000)
    assert followers.send().sent == 0
    app = create_app(followers.own_library.settings)
    again = app.extensions["throughline_library"]
    with open_post(again.settings) as post:
        assert send_digests(again, post, clock=lambda: START).sent == 0
    assert len(followers.server.mails) == 1
    # And what is new after all of it is not missed.
    followers.add("Late too.", "shared-too-late", identity="file:other")
    assert followers.send().documents == 1


class DyingPost(Post):
    """Hands a mail over and dies before anybody can note it, as a pulled plug would."""

    def __init__(self, opened: Post) -> None:
        self._opened = opened

    def send(self, message: EmailMessage) -> None:
        self._opened.send(message)
        raise KeyboardInterrupt


def test_a_run_that_dies_after_handing_over_never_sends_it_again(followers: Followers) -> None:
    followers.follow()
    followers.add("Late.", "shared-too-late")
    with open_post(followers.own_library.settings) as post, pytest.raises(KeyboardInterrupt):
        followers.send(DyingPost(post))
    assert len(followers.server.mails) == 1
    assert followers.send().sent == 0
    followers.add("Late too.", "shared-too-late", identity="file:other")
    assert followers.send().sent == 1
    plain = text_of(followers.server.mails[1])
    assert "A digest of 5 March 2026 with 1 document was broken off" in plain
    assert plain.count("About file:") == 1
    followers.add("Late three.", "shared-too-late", identity="file:third")
    followers.send()
    assert "broken off" not in text_of(followers.server.mails[2])


def test_a_connection_that_breaks_with_a_mail_leaves_it_in_doubt_and_not_sent_again(
    followers: Followers,
) -> None:
    followers.follow()
    followers.follow("second@example.org")
    followers.add("Late.", "shared-too-late")
    followers.server.hang_up_after_taking = True
    report = followers.send()
    assert report.sent == 0
    assert len(report.problems) == 2
    assert ADDRESS not in "".join(report.problems)
    followers.server.hang_up_after_taking = False
    # The first may have arrived; the second never left, so it is sent now.
    assert followers.send().sent == 1
    assert [mail["To"] for mail in followers.server.mails] == [ADDRESS, "second@example.org"]


def test_what_the_server_refuses_is_sent_when_it_no_longer_does(followers: Followers) -> None:
    followers.follow()
    followers.add("Late.", "shared-too-late")
    followers.server.answer = "451 Try again later"
    report = followers.send()
    assert (report.sent, len(report.problems)) == (0, 1)
    followers.server.answer = "250 OK"
    assert followers.send().documents == 1
    assert len(followers.server.mails) == 1


def test_what_is_withdrawn_before_a_retry_is_in_no_digest(followers: Followers) -> None:
    followers.follow()
    doomed = followers.add("Late.", "shared-too-late", title="Taken down")
    followers.add("Late too.", "shared-too-late", identity="file:other", title="Kept")
    followers.server.answer = "451 Try again later"
    assert followers.send().sent == 0
    withdraw(followers.world.store, followers.data_dir, [doomed], reason="asked for", by="tests")
    followers.server.answer = "250 OK"
    assert followers.send().documents == 1
    (mail,) = followers.server.mails
    assert "Taken down" not in text_of(mail) + text_of(mail, "html")
    assert "Kept" in text_of(mail)


def test_a_broad_digest_lists_fifty_and_counts_the_rest(followers: Followers) -> None:
    followers.follow(kind="guidance")
    for number in range(53):
        followers.add(f"Text {number}.", identity=f"file:{number}", kind="guidance")
    assert followers.send().documents == 53
    plain = text_of(followers.server.mails[0])
    assert plain.count("About file:") == 50
    assert "And 3 more" in plain
    assert followers.send().sent == 0


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b",
        "a@b.example.org\nBcc: c@example.org",
        "a b@example.org",
        "<a@example.org>",
        "a@example.org, b@example.org",
        "ä@example.org",
        "a" * 250 + "@example.org",
    ],
)
def test_what_is_no_address_is_refused_and_nothing_kept(followers: Followers, address: str) -> None:
    assert followers.ask(address).status_code == 400
    assert list(iter_subscriptions(followers.world.store)) == []
    assert followers.server.mails == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example.org"},
        {"Origin": "null"},
    ],
)
def test_a_form_of_another_site_is_refused(followers: Followers, headers: dict[str, str]) -> None:
    assert followers.ask(headers=headers).status_code == 400
    assert followers.server.mails == []


def test_asking_often_is_refused_whatever_address_is_asked_for(followers: Followers) -> None:
    for number in range(A_CALLER_AN_HOUR):
        assert followers.ask(f"reader{number}@example.org").status_code == 200
    response = followers.ask("one-more@example.org", headers={"X-Forwarded-For": "192.0.2.7"})
    assert response.status_code == 429
    assert len(followers.server.mails) == A_CALLER_AN_HOUR


def test_the_answer_does_not_tell_who_follows_what(followers: Followers) -> None:
    followers.follow()
    again = followers.ask().get_data(as_text=True)
    stranger = followers.ask("stranger@example.org").get_data(as_text=True)
    assert again == stranger
    assert [mail["To"] for mail in followers.server.mails] == ["stranger@example.org"]


def test_with_the_mail_server_away_nothing_is_kept_of_who_asked(followers: Followers) -> None:
    library = followers.own_library
    library.settings = replace(library.settings, smtp_port=1)
    assert followers.ask().status_code == 502
    assert list(iter_subscriptions(followers.world.store)) == []
    with pytest.raises(MailRefusedError, match="Nothing was sent"):
        followers.send()


def test_a_made_up_link_leads_nowhere(followers: Followers) -> None:
    for which in ("confirm", "leave"):
        followers.world.get(f"/alerts/{which}/made-up", status=404)


def test_the_operator_lists_sends_and_removes(
    followers: Followers, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = Shell(capsys, str(followers.data_dir))
    assert "Nobody follows" in shell.on_data("alerts", "list").err
    assert "smtp_host" in shell.on_data("alerts", "send").err
    followers.follow()
    followers.add("Late.", "shared-too-late")
    listed = shell.on_data("alerts", "list").out
    assert ADDRESS in listed
    assert "theme: Shared too late" in listed
    assert "1 document " in shell.on_data("alerts", "send", "--dry-run").out
    for name, value in followers.server.settings.items():
        monkeypatch.setenv(f"THROUGHLINE_{name.upper()}", str(value))
    sent = shell.on_data("alerts", "send")
    assert (sent.status, "1 digest sent with 1 document" in sent.err) == (0, True)
    assert "0 digests sent" in shell.on_data("alerts", "send").err
    assert shell.on_data("alerts", "remove", ADDRESS).status == 0
    assert shell.on_data("alerts", "remove", ADDRESS).status == 1
    assert len(followers.server.mails) == 1


def test_a_password_is_not_sent_in_the_clear(followers: Followers) -> None:
    settings = replace(
        followers.own_library.settings,
        smtp_host="mail.example.invalid",
        smtp_user="us",
        smtp_password="secret",
    )
    with pytest.raises(Exception, match="in the clear"), open_post(settings):
        pass
    assert "secret" not in repr(settings)
