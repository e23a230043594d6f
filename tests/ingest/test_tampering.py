"""Tampering and decay: what fires, what is left alone, and where it is kept meanwhile."""

import io
import zipfile
from pathlib import Path

import pytest
from admitting import admit_texts, report_texts
from files import report_pdf

from corpus.errors import DocumentNotFoundError, InvalidInputError, SourceError
from corpus.quarantine import count_held_back, get_held_back, list_held_back
from corpus.store import Store
from ingest.admit import release
from ingest.extract.html import extract_html
from ingest.report import IngestReport
from ingest.take_in import ingest_paths
from ingest.tampering import load_rules

PROSE = (
    "The health visitor wrote to the surgery twice about the child and had no answer from it.",
    "Nobody at the nursery was told of the earlier injuries before the plan was closed in May.",
)
STANDING_IN = {
    "TMP-001": ("Page not found", ["Sorry, we can't find the page you are looking for."]),
    "TMP-002": ("Reviews", ["You must be logged in to see this.", "Forgotten your password?"]),
    "TMP-003": ("Reviews", ["We use some essential cookies.", "Accept additional cookies."]),
    "TMP-004": ("Just a moment...", ["Checking your browser before you go on."]),
    "TMP-005": ("A report", [*PROSE, "Best slot gacor here.", "Play togel with free spins."]),
    "TMP-006": ("A report", [*PROSE, "极速赛车168最新开奖号码"]),
    "TMP-010": ("A report", [*PROSE * 4]),
}
HONEST = {
    "a review that found a login page": [
        "You must be logged in to see the record.",
        *report_texts("amber", 20),
    ],
    "a family with debts from betting": [*PROSE, "The father's gambling at a casino was known."],
    "a file that could not be found": [
        *PROSE,
        "The file could not be found when it was asked for.",
    ],
    "a referral that was turned down": [*PROSE, "The request was rejected and access was denied."],
    "a translated leaflet": [*PROSE, "本报告也有中文版本。"],
    "bullets that recur": ["Not known."] * 12 + list(PROSE),
}


def _page(body: str, address: str = "https://board.example.org/report") -> str:
    return (
        "<html lang='en'><head><title>Overview report</title>"
        f"<link rel='canonical' href='{address}'></head><body><article><h1>Overview report</h1>"
        + "".join(f"<p>{text}</p>" for text in PROSE)
        + body
        + "</article></body></html>"
    )


def _take_in(store: Store, folder: Path, name: str, data: str | bytes) -> IngestReport:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return ingest_paths([str(path)], store=store, data_dir=folder / "data", max_file_mb=5)


@pytest.mark.parametrize("rule", STANDING_IN)
def test_a_page_that_is_no_document_is_held_back_by_its_rule(store: Store, rule: str) -> None:
    title, texts = STANDING_IN[rule]
    admitted, document = admit_texts(store, texts, "https://example.org/a", title=title)
    assert (admitted.outcome, admitted.rules) == ("quarantined", (rule,))
    with pytest.raises(DocumentNotFoundError):
        store.get_document(document.document_id)
    assert store.count_rows()["passages"] == store.count_rows()["reviews"] == 0
    held = get_held_back(store, document.document_id)
    assert held.document == document
    assert [passage.text for passage in held.passages] == texts
    assert held.rules[0].found


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_document_is_left_alone(store: Store, name: str) -> None:
    admitted, _ = admit_texts(store, HONEST[name], "https://example.org/a")
    assert (admitted.outcome, admitted.rules) == ("new", ())


@pytest.mark.parametrize(
    ("body", "fires"),
    [
        (
            "<p style='display:none'><a href='https://slotgacor.example.com'>slot gacor</a></p>",
            True,
        ),
        (
            "<div style='position:absolute;left:-9999px'>"
            + "".join(f"<a href='https://ad{n}.example.net/'>more</a>" for n in range(3))
            + "</div>",
            True,
        ),
        ("<div style='display:none'><a href='https://www.facebook.com/x'>Share</a></div>", False),
        ("<div style='display:none'><a href='https://example.org/menu'>Menu</a></div>", False),
        ("<p><a href='https://one.example.net'>A source</a></p>", False),
    ],
)
def test_links_that_a_reader_cannot_see(
    store: Store, tmp_path: Path, body: str, fires: bool
) -> None:
    report = _take_in(store, tmp_path, "page.html", _page(body))
    assert len(report.quarantined) == fires
    assert len(report.new) != fires
    if fires:
        (held,) = list_held_back(store)
        assert [rule.rule_id for rule in held.rules] == ["TMP-007"]


def test_one_item_of_a_feed_is_held_back_and_the_others_are_taken_in(
    store: Store, tmp_path: Path
) -> None:
    def item(number: int, link: str, body: str) -> str:
        return (
            f"<item><title>Item {number}</title><link>{link}</link><guid>g{number}</guid>"
            f"<description><![CDATA[<p>{PROSE[0]} Case {number}.</p>{body}]]></description></item>"
        )

    feed = (
        "<?xml version='1.0'?><rss version='2.0'><channel><title>News</title>"
        "<link>https://news.example.org/</link>"
        + item(1, "https://news.example.org/1", "")
        + item(2, "https://elsewhere.example.net/2", "")
        + item(3, "https://news.example.org/3", "<p>slot gacor and togel, free spins</p>")
        + item(4, "https://www.news.example.org/4", "")
        + "</channel></rss>"
    )
    report = _take_in(store, tmp_path, "news.rss", feed)
    assert [one.title for one in report.new] == ["Item 1", "Item 4"]
    assert {one.document.title: one.rules[0].rule_id for one in list_held_back(store)} == {
        "Item 2": "TMP-008",
        "Item 3": "TMP-005",
    }


def test_a_known_publisher_s_words_at_an_unknown_address_are_a_clone(store: Store) -> None:
    texts = report_texts("amber")
    original, _ = admit_texts(
        store, texts, "https://www.gov.uk/report", url="https://www.gov.uk/report"
    )
    clone, _ = admit_texts(
        store, texts, "https://copies.example.net/r", url="https://copies.example.net/r"
    )
    assert original.outcome == "new"
    assert (clone.outcome, clone.rules) == ("quarantined", ("TMP-009",))
    # What is crawled stands on the list of a source.
    listed, _ = admit_texts(
        store, texts, "https://board.example.org/r", url="https://board.example.org/r", sighted=True
    )
    assert listed.outcome == "new"


def test_pages_without_text_are_named(store: Store) -> None:
    hidden = "<div style='display:none'>Enable JavaScript and cookies to continue</div>"
    page = f"<html><head><title>Just a moment...</title></head><body>{hidden}</body></html>"
    assert extract_html(page).marks == ("TMP-004: Just a moment",)
    with pytest.raises(SourceError, match="a page without text"):
        extract_html("<html><head><title>Board</title></head><body></body></html>")
    admitted, _ = admit_texts(store, ["A few words."], "https://example.org/s", page_count=40)
    assert admitted.rules == ("TMP-011",)


def test_f8_a_wall_without_any_paragraph_is_held_back_with_its_rule(
    store: Store, tmp_path: Path
) -> None:
    walls = {
        "TMP-001": "<html><head><title>Page not found</title></head><body></body></html>",
        "TMP-002": "<html><head><title>Log in to continue</title></head><body><form>"
        "<label>Name</label><input></form></body></html>",
        "TMP-004": "<html><head><title>Just a moment...</title></head><body>"
        "<script>go()</script><noscript>Enable JavaScript to continue</noscript></body></html>",
    }
    for rule, page in walls.items():
        report = _take_in(store, tmp_path, f"{rule}.html", page)
        assert report.refused == ()
        assert [one.rules for one in report.quarantined] == [(rule,)]
    assert len(list_held_back(store)) == 3
    assert list(store.iter_documents()) == []


def test_f11_a_file_of_two_kinds_is_held_back_and_an_odd_ending_is_not(
    store: Store, tmp_path: Path
) -> None:
    pdf = report_pdf(
        [("Title", "Overview report"), *(("BodyText", text) for text in PROSE)], head=""
    )
    page = _page("").encode()
    pdf_in_page = page.replace(b"</article>", b"<!-- " + pdf + b" --></article>")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("report.txt", "Not the report.")
    odd = {
        "page-then-pdf": b"<html><body><p>Read this.</p></body></html>\n" + pdf,
        "pdf-then-page": pdf + b"\n" + page,
        "pdf-then-archive": pdf + archive.getvalue(),
        "pdf-in-page": pdf_in_page,
    }
    for name, data in odd.items():
        report = _take_in(store, tmp_path, name, data)
        assert ([one.rules for one in report.quarantined], report.refused) == (
            [("TMP-012",)],
            (),
        ), name
    plain = _take_in(store, tmp_path, "cached.pdf", pdf + b"\n<!-- served from a cache -->\n\0")
    assert len(plain.new) == 1


def test_what_is_held_back_stays_so_and_is_not_doubled(store: Store) -> None:
    title, texts = STANDING_IN["TMP-001"]
    for _ in range(2):
        admitted, _ = admit_texts(store, texts, "https://example.org/a", title=title)
        assert admitted.outcome == "quarantined"
    assert len(list_held_back(store)) == 1
    assert count_held_back(store) == {"": 1}


def test_a_released_document_is_taken_in_and_stays_so(store: Store) -> None:
    title, texts = STANDING_IN["TMP-002"]
    _, document = admit_texts(store, texts, "https://example.org/a", title=title)
    with pytest.raises(InvalidInputError, match="reason"):
        release(store, document.document_id, reason="", by="ed")
    done = release(store, document.document_id, reason="It quotes the page.", by="ed")
    assert done.outcome == "new"
    assert done.review_id is not None
    assert store.get_document(document.document_id).text == document.text
    assert list_held_back(store) == []
    (logged,) = list_held_back(store, released=True)
    assert (logged.released_by, logged.release_reason) == ("ed", "It quotes the page.")
    again, _ = admit_texts(store, texts, "https://example.org/a", title=title)
    assert again.outcome == "unchanged"
    with pytest.raises(InvalidInputError, match="released before"):
        release(store, document.document_id, reason="Again.", by="ed")


def test_a_new_version_that_is_tampered_with_leaves_the_old_one_standing(store: Store) -> None:
    _, honest = admit_texts(store, PROSE, "https://example.org/a")
    spoiled, _ = admit_texts(store, [*PROSE, "极速赛车168"], "https://example.org/a")
    assert spoiled.outcome == "quarantined"
    assert [one.document_id for one in store.iter_documents()] == [honest.document_id]


def test_rules_have_ids_in_order_and_say_what_they_are() -> None:
    rules = load_rules()
    assert list(rules) == [f"TMP-{number:03}" for number in range(1, len(rules) + 1)]
    assert all(rule.name for rule in rules.values())
