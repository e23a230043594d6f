"""What hostile or broken feeds and pages can do, fault by fault, and that order does not matter."""

import json
import random
import re
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from files import word_file
from office_files import open_document
from printed_pages import LEFT, RIGHT, printed, two_columns

from corpus.errors import SourceError
from corpus.model import Kind
from corpus.store import Store, open_store
from ingest.clean import clean_titles
from ingest.extract.feed import extract_feed
from ingest.extract.html import extract_html
from ingest.report import IngestReport
from ingest.segment import segment_blocks
from ingest.sniff import decode_text
from ingest.take_in import ingest_paths

WORDS = "The surgery never heard from the school about the boy in all of that year."
MORE = "The school wrote to the surgery in May, and the letter was never opened by anybody."
SPAM = "极速赛车168最新开奖号码"
HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\x00-\x08]|[\ud800-\udfff]")


def feed(*items: str, title: str = "Harbour News", head: str = "") -> str:
    declaration = head or '<?xml version="1.0" encoding="utf-8"?>'
    body = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'{declaration}<rss version="2.0"><channel><title>{title}</title>'
        f"<link>https://harbour.example/</link>{body}</channel></rss>"
    )


def item(title: str, text: str = WORDS, *, more: str = "") -> str:
    return f"<title>{title}</title><description>{text}</description>{more}"


def page(body: str) -> str:
    return f"<html><head><title>Letters</title></head><body><article>{body}</article></body></html>"


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """Names of files and hosts that anything opens while the test runs."""
    names: list[str] = []
    watching = [True]

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if watching[0] and event in ("open", "socket.connect", "socket.getaddrinfo"):
            names.append(str(arguments))

    sys.addaudithook(note)  # it cannot be taken out again, only told to look away
    yield names
    watching[0] = False


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>',
        '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!doctype r [<!entity x "a">]>',
    ],
)
def test_x1_a_feed_that_declares_anything_is_refused_and_nothing_is_opened(
    doctype: str, opened: list[str]
) -> None:
    text = feed(item("One", "&x;"), head=f'<?xml version="1.0"?>{doctype}')
    for data in (text.encode(), text.encode("utf-16"), b"\xef\xbb\xbf" + text.encode()):
        opened.clear()
        with pytest.raises(SourceError, match="document type"):
            extract_feed(data)
        assert [name for name in opened if "passwd" in name or "127.0.0.1" in name] == []


def test_x2_bombs_and_deep_nesting_end_soon_and_small() -> None:
    laughs = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    bombs = [
        feed(item("&j;"), head=f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "a">{laughs}]>'),
        feed(item("&a;" * 50_000), head=f'<!DOCTYPE l [<!ENTITY a "{"a" * 50_000}">]>'),
        feed(item("One", "<b>" * 100_000 + "</b>" * 100_000)),
    ]
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    for bomb in bombs:
        with pytest.raises(SourceError):
            extract_feed(bomb.encode())
    with pytest.raises(SourceError, match="too deep"):
        extract_html("<div>" * 100_000 + WORDS)
    # Generous: what is refused costs milliseconds, what is expanded costs minutes.
    assert time.process_time() - began < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


def test_x4_what_is_hidden_in_one_item_is_in_no_text_and_its_neighbours_are_whole() -> None:
    spam = "&lt;p style='display:none'&gt;&lt;a href='https://x.invalid'&gt;lottery&lt;/a&gt;&lt;/p&gt;"
    first, second = extract_feed(feed(item("One", WORDS + spam), item("Two", MORE)).encode())
    assert [block.text for block in first.blocks] == [WORDS]
    assert [block.text for block in second.blocks] == [MORE]
    assert second.marks == ()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-8", "cp1252"])
def test_x5_the_bytes_decide_the_encoding_whatever_is_declared(encoding: str) -> None:
    text = "The nurse’s letter – unopened – cost £3 to send."
    assert decode_text(text.encode(encoding)).lstrip("\ufeff") == text
    for declared in ("utf-8", "us-ascii", "iso-8859-1", "no-such-encoding"):
        head = f'<?xml version="1.0" encoding="{declared}"?>'
        try:
            (found,) = extract_feed(feed(item("One", text), head=head).encode(encoding))
        except SourceError:
            continue  # a refusal is no crash
        assert not HIDDEN.search(found.blocks[0].text)
        if declared != "iso-8859-1":  # every byte is something in that one
            assert found.blocks[0].text == text


def test_x5_unpaired_surrogates_nuls_and_reversals_never_reach_a_title_or_text() -> None:
    served = "The\u202e nurse\ud800 wrote\x00 to\u2066 the surgery\u200f"
    (title,) = clean_titles([served], language="en")
    assert title.title == "The nurse\ufffd wrote to the surgery"
    segmented = segment_blocks(
        extract_html(page(f"<p>{served} in all of May.</p>")).blocks, Kind.NEWS
    )
    assert not HIDDEN.search(segmented.text)
    segmented.text.encode()


def test_x6_one_story_is_one_document_however_often_and_wherever_it_is_listed(
    tmp_path: Path,
) -> None:
    guid = "<guid>story-7</guid><link>https://harbour.example/7</link>"
    again = "<guid>story-7-resaved</guid><link>https://harbour.example/7?utm_source=x</link>"
    no_guid = "<link>https://harbour.example/8</link>"
    store = open_store(tmp_path / "data")
    for number in range(5):
        path = tmp_path / f"{number}.rss"
        items = [item("One", more=guid), item("One", more=again), item("Two", MORE, more=no_guid)]
        path.write_text(feed(*items, title=f"Feed {number}"), encoding="utf-8")
        report = take_in(store, tmp_path, [path])
        assert not report.refused
    assert sorted(document.title for document in store.iter_documents()) == ["One", "Two"]


@pytest.mark.parametrize(
    ("date", "marks"),
    [
        ("", ()),
        ("7 April 2021 and 9 April 2021", ("unreadable-date",)),
        ("soon", ("unreadable-date",)),
    ],
)
def test_x7_a_feed_date_that_is_none_stays_missing(date: str, marks: tuple[str, ...]) -> None:
    (found,) = extract_feed(feed(item("One", more=f"<pubDate>{date}</pubDate>")).encode())
    assert found.published is None
    assert found.marks == marks


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>the letter</a>",
        "<svg><script>alert(1)</script><text>drawn</text></svg>",
        "<math><mtext><mglyph><style><img src=x onerror=alert(1)></style></mglyph></math>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<base href='https://x.invalid/'><meta http-equiv=refresh content='0;url=https://x.invalid'>",
        "<iframe srcdoc='&lt;script&gt;alert(1)&lt;/script&gt;'></iframe>",
        "<template><img src=x onerror=alert(1)></template>",
        "<style>@import 'https://x.invalid/a.css'</style>",
        "<object data='data:text/html,alert(1)'>alert(1)</object>",
        "<!--<img src='--><img src=x onerror=alert(1)//'>",
    ],
)
def test_x8_of_markup_that_acts_nothing_is_left_but_words(hostile: str) -> None:
    blocks = extract_html(page(f"<p>{WORDS}</p>{hostile}<p>{MORE}</p>")).blocks
    text = " ".join(block.text for block in blocks)
    assert WORDS in text
    assert MORE in text
    assert not re.search(r"alert|onerror|javascript:|x\.invalid|<\w", text)


def test_x8_addresses_that_could_act_are_no_addresses() -> None:
    body = f"<p>{WORDS}</p>"
    for link in ("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"):
        head = f'<html><head><link rel="canonical" href="{link}"></head><body>{body}</body></html>'
        assert extract_html(head).url is None
        (found,) = extract_feed(feed(item("One", more=f"<link>{link}</link>")).encode())
        assert found.url is None


def test_x9_cookie_text_repeats_and_empty_pages_are_no_passages() -> None:
    cookies = (
        "We use cookies to improve your experience of this website. Accept or change settings."
    )
    found = extract_html(page(f"<p>{cookies}</p><p>{WORDS}</p><p>{MORE}</p><p>{WORDS}</p>"))
    segmented = segment_blocks(found.blocks, Kind.NEWS)
    assert len(segmented.segments) == 2
    assert segmented.skipped == {"cookie-notice": 1, "repeated": 1}
    with pytest.raises(SourceError):
        extract_html(page(""))


def test_x10_a_corpus_taken_in_twice_shuffled_is_the_same_to_the_byte(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    made = {
        "page.html": page(f"<h1>Letters</h1><p>1.1 {WORDS}</p><ul><li>{MORE}</li></ul>").encode(),
        "feed.rss": feed(item("One"), item("Two", MORE)).encode(),
        "report.pdf": printed(two_columns),
        "report.docx": word_file([("Heading 1", "Letters"), ("Normal", f"1.1 {LEFT}")]),
        "report.odt": open_document(f"<text:p>1.1 {RIGHT}</text:p>"),
        "notes.txt": f"1.1 {WORDS}\n\n1.2 {MORE}\n".encode(),
    }
    for name, data in made.items():
        (folder / name).write_bytes(data)
    held = []
    for run in range(2):
        paths = sorted(folder.iterdir())
        random.Random(run).shuffle(paths)
        store = open_store(tmp_path / f"data-{run}")
        for path in paths:
            assert not take_in(store, tmp_path / f"data-{run}", [path]).refused
        held.append(_dump(store))
    assert held[0] == held[1]
    assert len(json.loads(held[0])) == len(made) + 1


def take_in(store: Store, data_dir: Path, paths: list[Path]) -> IngestReport:
    return ingest_paths(list(map(str, paths)), store=store, data_dir=data_dir, max_file_mb=10)


def _dump(store: Store) -> str:
    """Everything held but the moment of its capture, which is the clock's."""
    documents = sorted(store.iter_documents(), key=lambda document: document.document_id)
    rows = []
    for document in documents:
        values = {k: str(v) for k, v in vars(document).items() if k != "captured_at"}
        passages = [str(p) for p in store.iter_passages(document_id=document.document_id)]
        rows.append([values, passages])
    return json.dumps(rows, sort_keys=True)
