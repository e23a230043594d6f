"""A whole publisher, invented: lists, a feed, a paged API, 40 documents in five formats, traps."""

import io
import json
import random
from collections.abc import Sequence
from xml.sax.saxutils import escape

from fault_server import HOST, ORIGIN, FaultServer, Page
from files import report_pdf, word_file
from odf.opendocument import OpenDocumentText
from odf.text import H, P

from corpus.model import LicenceTier
from ingest.source import Source

SUMMARISED, SUMMARY = 23, 24
"""Two documents of one review, by what their publisher calls them."""
SPAM = "极速赛车168最新开奖号码 "
_WHO = "nurse teacher midwife warden doctor clerk officer tutor visitor manager".split()  # noqa: SIM905
_WHAT = "letter chart referral note message form summary report record minute".split()  # noqa: SIM905
_PLACE = "clinic school surgery hostel nursery court station ward library hall".split()  # noqa: SIM905
_THEN = (
    "never reached",
    "was not read by",
    "came late to",
    "was kept from",
    "was lost before",
    "was sent to",
)
_COLOUR = "amber birch cedar dune elder fern gorse heath iris juniper kelp larch moss".split()  # noqa: SIM905

SOURCE = Source(
    source_id="harbour-board",
    name="Harbour: published reviews",
    publisher="Harbour Safeguarding Board",
    spider="partnership",
    start=(f"{ORIGIN}/reviews/", f"{ORIGIN}/feed/", f"{ORIGIN}/wp-json/wp/v2/posts"),
    hosts=(HOST,),
    licence_tier=LicenceTier.OWNER,
    crawl_delay_s=0.0,
    robots_note="Invented.",
    options={
        "items": "main li",
        "date": "time",
        "documents": [r"\.pdf$", r"\.docx$", r"\.odt$", r"\.txt$", r"/documents/[^/]+\.html$"],
        "nation": "England",
    },
    expect={"published": 0.6},
)


def paragraphs(number: int, count: int = 6) -> list[str]:
    """Numbered paragraphs that no other document shares."""
    pick = random.Random(number)
    return [
        f"{one}.1 The {pick.choice(_WHO)} at the {_COLOUR[number % 13]} {pick.choice(_PLACE)} said "
        f"that the {pick.choice(_WHAT)} {pick.choice(_THEN)} the {pick.choice(_WHO)} of the "
        f"{pick.choice(_PLACE)}, and {number * 7 + one} days went by until the "
        f"{pick.choice(_WHO)} asked the {pick.choice(_WHO)} about the {pick.choice(_WHAT)} again."
        for one in range(1, count + 1)
    ]


def title(number: int) -> str:
    if number == SUMMARY:
        return f"{title(SUMMARISED)}: executive summary"
    return f"Child safeguarding practice review: Child {chr(65 + number % 26)}{number}"


def html(number: int, *, heading: str | None = None) -> bytes:
    heading = heading or title(number)
    body = "".join(f"<p>{text}</p>" for text in paragraphs(number))
    page = (
        f"<html lang='en'><head><title>{heading}</title></head><body><main><article>"
        f"<h1>{heading}</h1>{body}</article></main></body></html>"
    )
    return page.encode()


def put_publisher(server: FaultServer) -> None:
    """Serve everything: 24 listed files, 8 items of a feed, 8 posts of an API, and the traps."""
    server.put("/robots.txt", "User-agent: *\nDisallow: /private/\n")
    entries = [_entry(number, _put_file(server, number)) for number in range(1, 25)]
    server.put("/reviews/", _list_page(entries[:12] + _put_traps(server), "/reviews/page/2/"))
    server.put("/reviews/page/2/", _list_page(entries[12:], None))
    server.put("/feed/", _feed(range(25, 33)))
    for page, numbers in ((1, range(33, 38)), (2, range(38, 41))):
        path = f"/wp-json/wp/v2/posts?per_page=100&page={page}"
        posts = json.dumps([_post(number) for number in numbers]).encode()
        total = {"X-WP-TotalPages": "2"}
        server.put(path, Page(posts, "application/json", headers=total))


def _put_file(server: FaultServer, number: int) -> str:
    ending, make, content_type = _KINDS[number % 5]
    return server.put(f"/documents/review-{number}.{ending}", Page(make(number), content_type))


def _pdf(number: int) -> bytes:
    parts = [("Title", title(number)), *(("BodyText", text) for text in paragraphs(number))]
    return report_pdf(parts, head="Harbour Safeguarding Board")


def _docx(number: int) -> bytes:
    return word_file([("Title", title(number)), *(("Normal", t) for t in paragraphs(number))])


def _txt(number: int) -> bytes:
    return "\n\n".join([title(number), *paragraphs(number)]).encode()


def _odt(number: int) -> bytes:
    document = OpenDocumentText()
    document.text.addElement(H(outlinelevel=1, text=title(number)))
    for text in paragraphs(number):
        document.text.addElement(P(text=text))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


_KINDS = (
    ("html", html, "text/html"),
    ("pdf", _pdf, "text/html"),  # as some servers call everything
    ("docx", _docx, "application/zip"),
    ("odt", _odt, "application/octet-stream"),
    ("txt", _txt, "text/plain"),
)


def _put_traps(server: FaultServer) -> list[str]:
    copy = server.put("/documents/copy-of-5.html", html(5))
    soft = server.put(
        "/documents/moved.html",
        "<html><head><title>Page not found</title></head><body><main><h1>Page not found</h1>"
        "<p>Sorry, the page you were looking for cannot be found. It may have been moved or "
        "deleted.</p></main></body></html>",
    )
    spam = server.put("/documents/spam.html", html(90, heading=SPAM + title(90)))
    gone = server.put("/documents/gone.html", Page(b"Gone.", status=410))
    secret = server.put("/private/draft.pdf", _pdf(91))
    away = "http://copies.example.net/documents/review-5.html"
    server.redirect("/documents/leads-away.html", away)
    traps = {
        "A copy": copy,
        "A page that moved": soft,
        "A page with a stranger's words": spam,
        "A review that is gone": gone,
        "A draft": secret,
        "A copy elsewhere": "http://copies.example.net/documents/review-10.html",
        "A link that leads away": f"{ORIGIN}/documents/leads-away.html",
        "A missing file": f"{ORIGIN}/documents/never-there.pdf",
    }
    return [_item(name, address, "") for name, address in traps.items()]


def _entry(number: int, address: str) -> str:
    return _item(title(number), address, f"<time>{number} March 20{10 + number % 13}</time>")


def _item(name: str, address: str, date: str) -> str:
    return f"<li><h2>{escape(name)}</h2> {date} <a href='{address}'>{escape(name)}</a></li>"


def _list_page(entries: Sequence[str], further: str | None) -> bytes:
    more = f"<a rel='next' href='{further}'>Older</a>" if further else ""
    return f"<html><body><main><ul>{''.join(entries)}</ul>{more}</main></body></html>".encode()


def _feed(numbers: Sequence[int]) -> Page:
    items = "".join(
        f"<item><title>{title(number)}</title><link>{ORIGIN}/news/{number}/</link>"
        f"<guid>{ORIGIN}/?p={number}</guid><pubDate>Mon, 03 Mar 2025 09:00:00 +0000</pubDate>"
        f"<content:encoded>{escape(''.join(f'<p>{t}</p>' for t in paragraphs(number)))}"
        "</content:encoded></item>"
        for number in numbers
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Harbour</title><link>{ORIGIN}/</link><description>Reviews</description>"
        f"<language>en-GB</language>{items}</channel></rss>"
    )
    return Page(text.encode(), "application/rss+xml")


def _post(number: int) -> dict[str, object]:
    return {
        "id": number,
        "date": "2024-05-06T07:08:09",
        "modified": "2024-05-06T07:08:09",
        "status": "publish",
        "link": f"{ORIGIN}/posts/{number}/",
        "guid": {"rendered": f"{ORIGIN}/?p={number}"},
        "title": {"rendered": title(number)},
        "content": {
            "rendered": "".join(f"<p>{text}</p>" for text in paragraphs(number)),
            "protected": False,
        },
    }
