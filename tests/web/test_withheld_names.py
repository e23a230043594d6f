"""A name that a review's publisher withheld is on no page, in no answer and in no file."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from analysed_stores import analyse_store
from doomed_shelf import read_out, unpacked
from fakes import FakeEncoder
from flask.testing import FlaskClient
from samples import CAPTURED_AT, make_code, make_document, make_judgement, make_review
from shell import Shell

from corpus.dates import PartialDate
from corpus.groups import split
from corpus.ids import ReviewId
from corpus.model import Attribution, Document, Figure, Kind, LicenceTier, Passage
from corpus.settings import Settings
from corpus.store import Store, open_store
from ingest.captures import keep_capture
from nlp.search import Searcher
from web.app import create_app
from web.current import current_library
from web.holdings import Library
from web.publishing import publish

NAMES = (b"wren", b"ashdown")
STORY_URL = "https://news.example.org/2022/05/wren-ashdown-review-finds-gaps?who=Wren%20Ashdown"
SITE = "https://news.example.org/"
STORY = (
    "The review says that consent was asked for too late, the partnership told reporters.",
    "Consent was never sought, neighbours of Wren Ashdown said on Monday.",
)
REPORT = ("Consent was treated as required before the school was told.",)
HIDDEN = ReviewId("child-k-2022")
FORMS = ("csv", "xlsx", "docx", "html", "ris", "bib")
LINK = "national press; the publisher kept the child anonymous"


@dataclass
class Hidden:
    """An invented anonymous review with a report and a story that names its child."""

    data_dir: Path
    store: Store
    story: Document
    passages: list[Passage]

    def client(self) -> FlaskClient:
        app = create_app(Settings(data_dir=self.data_dir, api_requests_per_minute=0))
        app.testing = True
        with app.app_context():
            library = current_library()
            library.searcher = Searcher(library.store, self.data_dir, FakeEncoder)
        return app.test_client()


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Hidden:
    data_dir = tmp_path_factory.mktemp("hidden") / "data"
    store = open_store(data_dir)
    store.add_review(
        make_review(
            HIDDEN,
            "2022-04",
            title="Local review: Child K",
            case_names=("Wren Ashdown",),
            aliases=("Child K",),
            identity_link=LINK,
            report_url="https://partnership.example.org/wren-ashdown.pdf",
            sources=(STORY_URL, "https://partnership.example.org/child-k"),
            figures=(
                Figure(
                    statement="Children", value="1", unit="children", period=None,
                    source_url=STORY_URL,
                ),
            ),
        )
    )  # fmt: skip
    store.add_review(make_review("another-2015", "2015"))
    add_texts(store, data_dir, REPORT, "https://example.org/another", review_id="another-2015")
    add_texts(store, data_dir, REPORT, "https://partnership.example.org/k", review_id=HIDDEN)
    _, digest = add_texts(
        store, data_dir, ("Consent was asked for late.",), "catalogue:child-k-2022",
        review_id=HIDDEN, kind=Kind.DIGEST, source_url=STORY_URL,
    )  # fmt: skip
    story, passages = add_texts(
        store, data_dir, STORY, STORY_URL,
        review_id=HIDDEN,
        kind=Kind.NEWS,
        title="Wren Ashdown: review finds gaps",
        raw_title="SPAM Wren Ashdown: review finds gaps",
        title_rule="TITLE-001",
        url=STORY_URL,
        heading="What Wren’s review says",
    )  # fmt: skip
    analyse_store(store, data_dir)
    code = make_code("consent-treated-as-required", attribution=Attribution.REPORTED)
    for passage in (*digest, *passages):
        store.add_judgement(make_judgement(passage, code))
    publish(Library(Settings(data_dir=data_dir)), created_at=CAPTURED_AT)
    return Hidden(data_dir, store, story, passages)


def add_texts(
    store: Store,
    data_dir: Path,
    texts: tuple[str, ...],
    address: str,
    *,
    source_url: str | None = None,
    heading: str | None = None,
    **changes: object,
) -> tuple[Document, list[Passage]]:
    data = "\n".join((address, *texts)).encode()
    capture = keep_capture(data_dir, data, address, "text/plain", CAPTURED_AT)
    store.add_capture(capture)
    document, passages = make_document(
        texts, identity=address, capture_id=capture.capture_id,
        **{"licence_tier": LicenceTier.OPEN, "published": PartialDate.parse("2022-05")} | changes,
    )  # fmt: skip
    passages = [replace(one, source_url=source_url, heading=heading) for one in passages]
    store.add_document(document, passages)
    return document, passages


def addresses(client: FlaskClient, values: Mapping[str, str | int]) -> Iterator[str]:
    """Every address that can be read, its arguments filled in, in every form that it has."""
    adapter = client.application.url_map.bind("localhost")
    for rule in client.application.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.endpoint == "static":
            continue
        for form in FORMS if "form" in rule.arguments else ("",):
            given = {**values, "form": form}
            with suppress(ValueError):  # a form that this address does not have
                yield adapter.build(rule.endpoint, {name: given[name] for name in rule.arguments})


def named_in(said: bytes) -> list[bytes]:
    return [name for name in NAMES if name in said.lower()]


def test_no_page_answer_or_feed_has_the_name(hidden: Hidden) -> None:
    client = hidden.client()
    snapshot = next((hidden.data_dir / "snapshots").glob("s*")).name
    places: dict[str, str | int] = {
        "review_id": HIDDEN, "document_id": hidden.story.document_id, "year": 2022,
        "theme_id": "consent-treated-as-required", "snapshot_id": snapshot, "token": "t",
        "code": "withdrawn", "name": "passages.csv", "reform_id": "reform-training",
        "item_id": 1, "draw_id": 1,
    }  # fmt: skip
    asked: dict[str, None] = {}
    for passage in hidden.passages:
        asked |= dict.fromkeys(addresses(client, places | {"passage_id": passage.passage_id}))
    lists = ("/search", "/search.atom", "/api/v1/passages", "/api/v1/reviews", "/api/v1/documents")
    # Not the name itself: a page may say again what its reader typed.
    queries = ("q=consent+neighbours+monday", "theme=consent-treated-as-required&kind=news",
               f"review={HIDDEN}", f"q=consent&snapshot={snapshot}")  # fmt: skip
    asked |= {f"{place}?{query}": None for place in lists for query in queries}
    beside = []
    for address in asked:
        with client.get(address) as answer:
            said = read_out(answer.get_data())
            assert answer.status_code < 500, address
        assert named_in(said) == [], address
        if b"review finds gaps" in said or SITE.encode() in said:
            beside.append(address)
    assert len(beside) > 10, beside


def test_a_search_for_the_name_leads_nowhere(hidden: Hidden) -> None:
    for name in ("Ashdown", '"Wren Ashdown"'):
        found = hidden.client().get("/api/v1/passages", query_string={"q": name, "per_page": 50})
        matched = [one for one in found.get_json()["data"] if one.get("matched")]
        assert not matched, name


@pytest.fixture
def shell(hidden: Hidden, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys, str(hidden.data_dir))


def test_no_command_and_no_file_that_it_writes_has_the_name(
    hidden: Hidden, shell: Shell, tmp_path: Path
) -> None:
    forms = {
        "passages": ("csv", "jsonl", "parquet", "ris", "bibtex", "webannotation", "prodigy"),
        "findings": ("csv", "jsonl", "parquet"),
        "reviews": ("csv", "jsonl", "parquet", "ris", "bibtex"),
        "counts": ("csv",),
    }
    for what, formats in forms.items():
        for form in formats:
            out = tmp_path / f"{what}.{form}"
            assert shell.on_data("export", what, "--format", form, "--out", str(out)).status == 0
    assert shell.on_data("report", "--year", "2022", "--out", str(tmp_path / "r")).status == 0
    for arguments in (
        ("group", "show", HIDDEN),
        ("group", "show", HIDDEN, "--json"),
        ("recurrence", "consent-treated-as-required", "--json"),
        ("counts", "--from", "2022", "--to", "2022", "--json"),
        ("echoes", hidden.passages[0].passage_id),
        ("judgements", "export", "--format", "csv"),
        ("judgements", "export", "--format", "jsonl"),
        ("snapshot", "list"),
        ("doctor",),
    ):
        done = shell.on_data(*arguments)
        assert done.status != 2, (arguments, done.err)
        assert named_in((done.out + done.err).encode()) == [], arguments
    for path in (*tmp_path.rglob("*"), *(hidden.data_dir / "snapshots").rglob("*")):
        if path.is_file() and "copy" not in path.parts and path.suffix != ".db":
            assert named_in(unpacked(path)) == [], path


def test_what_is_shown_says_that_and_why_words_are_left_out(hidden: Hidden) -> None:
    client = hidden.client()
    page = client.get(f"/documents/{hidden.story.document_id}").get_data(as_text=True)
    assert "[name withheld]: review finds gaps" in page
    assert f'href="{SITE}"' in page
    assert STORY[0] in page
    assert "Withheld: it has a name that the review’s publisher withheld." in page
    [told, named] = (
        client.get(f"/api/v1/passages/{one.passage_id}").get_json()["data"]
        for one in hidden.passages
    )
    assert (told["text"], "text_withheld" in told, told["source_url"]) == (STORY[0], False, SITE)
    assert (named["text"], named["text_cut"]) == ("", True)


def test_all_is_shown_again_where_the_story_is_split_from_the_review(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.add_review(make_review(HIDDEN, case_names=("Wren Ashdown",), identity_link=LINK))
    values = {"url": STORY_URL, "title": "Wren Ashdown: review finds gaps"}
    story, passages = add_texts(
        store, tmp_path, STORY, STORY_URL, review_id=HIDDEN, kind=Kind.REVIEW, **values
    )
    add_texts(store, tmp_path, REPORT, "https://partnership.example.org/k", review_id=HIDDEN)
    cut = store.get_document(story.document_id)
    assert (cut.title, cut.url) == ("[name withheld]: review finds gaps", SITE)
    assert store.get_document(story.document_id, whole=True) == story
    assert [one.names_withheld for one in store.get_passages([p.passage_id for p in passages])] == [
        False,
        True,
    ]
    began = split(store, story.document_id, reason="It is another.", by="ed", at=CAPTURED_AT)
    whole = store.get_document(story.document_id)
    assert (whole.title, whole.url, whole.review_id) == (story.title, STORY_URL, began)
    assert store.get_passages([one.passage_id for one in passages]) == passages
    assert store.get_review(began or "").report_url == STORY_URL
