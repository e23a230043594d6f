import json
import socket
from pathlib import Path

import pytest
from files import report_pdf
from shell import Shell

from corpus.store import DATABASE_NAME

PAGE = """<html><body><article><h1>Learning review</h1>
<p>1.1 The school nurse kept the letter and the social worker was never told of it.</p>
<p>1.2 Housing officers saw the children alone on several evenings that winter.</p>
</article></body></html>"""


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    return Shell(capsys, str(tmp_path / "data"))


@pytest.mark.model
def test_from_an_empty_folder_to_search_and_recurrence(shell: Shell) -> None:
    assert shell.on_data("demo", "--no-serve").status == 0
    recurrence = json.loads(shell.on_data("recurrence", "--json").out)
    entries = {entry["review_id"]: entry for entry in recurrence["entries"]}
    for review_id, date in [
        ("maria-colwell-1974", "1974"),
        ("victoria-climbie-2003", "2003-01-28"),
        ("scr-daniel-pelka-2013", "2013-09-17"),
        ("national-review-arthur-labinjo-hughes-star-hobson-2022", "2022-05-26"),
    ]:
        entry = entries[review_id]
        assert entry["published"]["date"] == date
        assert entry["passages"]
        assert all(passage["finding"]["theme"] for passage in entry["passages"])
    dates = [entry["published"]["date"] for entry in entries.values() if entry["published"]]
    assert dates == sorted(dates)

    query = "staff would not pass it on because the parents had not agreed"
    found = json.loads(shell.on_data("search", query, "--json").out)
    first_five = [finding for row in found["results"][:5] for finding in row["findings"]]
    assert any(finding["theme"].startswith("consent-") for finding in first_five)
    assert found["snapshot"] == recurrence["snapshot"]

    again = shell.on_data("demo", "--no-serve")
    assert "0 reviews new, 0 changed, 165 unchanged" in again.err
    assert "0 passages read" in again.err
    assert json.loads(shell.on_data("recurrence", "--json").out) == recurrence
    assert shell.on_data("doctor").status == 0


@pytest.mark.model
def test_a_page_is_taken_in_analysed_and_found(shell: Shell, tmp_path: Path) -> None:
    page = tmp_path / "review.html"
    page.write_text(PAGE, encoding="utf-8")
    taken = shell.on_data("ingest", str(page))
    assert (taken.status, taken.out.splitlines()[0][:11]) == (0, "1 document,")
    assert shell.on_data("analyse").status == 0
    found = json.loads(shell.on_data("search", "letter from the nurse", "--json").out)
    assert "kept the letter" in found["results"][0]["text"]


def test_one_bad_file_is_named_and_the_good_one_is_kept(shell: Shell, tmp_path: Path) -> None:
    good = tmp_path / "review.html"
    good.write_text(PAGE, encoding="utf-8")
    missing = str(tmp_path / "none.pdf")
    done = shell.on_data("ingest", missing, str(good))
    assert done.status == 1
    assert "none.pdf" in done.err
    assert "Traceback" not in done.err
    assert "1 new" in done.out


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.html", b""),
        ("cut.rss", b'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><item><ti'),
        ("picture.pdf", b"\x89PNG\r\n\x1a\n" + b"\0" * 500),
        ("cut.pdf", report_pdf([("BodyText", "One page.")], head="Review")[:200]),
    ],
)
def test_a_file_that_cannot_be_used_is_one_sentence_and_nothing_is_touched(
    shell: Shell, tmp_path: Path, name: str, content: bytes
) -> None:
    good = tmp_path / "review.html"
    good.write_text(PAGE, encoding="utf-8")
    shell.on_data("ingest", str(good))
    database = tmp_path / "data" / DATABASE_NAME
    before = shell.on_data("ingest", str(good)).out
    bad = tmp_path / name
    bad.write_bytes(content)
    done = shell.on_data("ingest", str(bad))
    assert done.status == 1
    (sentence,) = done.err.strip().splitlines()
    assert sentence.startswith("throughline: ")
    assert name in sentence
    assert shell.on_data("ingest", str(good)).out == before
    assert database.exists()


def test_a_web_address_is_refused_in_a_sentence(shell: Shell) -> None:
    done = shell.on_data("ingest", "http://169.254.169.254/latest/")
    assert (done.status, "Traceback" in done.err) == (1, False)


def test_searching_before_anything_is_analysed_says_what_to_run(shell: Shell) -> None:
    done = shell.on_data("search", "anything")
    assert done.status == 1
    assert "throughline analyse" in done.err


def test_a_misspelt_theme_is_named_with_the_nearest(shell: Shell) -> None:
    done = shell.on_data("recurrence", "siloed-decision")
    assert done.status == 1
    assert "siloed-decisions" in done.err


def test_a_misspelt_filter_value_is_named(shell: Shell) -> None:
    done = shell.on_data("search", "x", "--stance", "failing")
    assert done.status == 1
    assert "--stance" in done.err


def test_a_taken_port_is_one_sentence(shell: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = shell.on_data("demo", "--port", port)
    assert done.status == 1
    assert done.err.count("\n") == 1
    assert "--port" in done.err


def test_a_data_directory_that_is_a_file_is_one_sentence(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    done = shell.on_data("recurrence")
    assert done.status == 1
    assert done.err.count("\n") == 1
    assert "--data-dir" in done.err


def test_the_codebook_is_shown_whole_or_by_theme(shell: Shell) -> None:
    document = json.loads(shell.run("themes", "--json").out)
    assert len(document["themes"]) == 12
    one = json.loads(shell.run("themes", "siloed-decisions", "--json").out)
    assert one["top_theme"] == "siloed-working"
    assert "siloed-decisions" in shell.run("themes").out
    assert "Exclude" in shell.run("themes", "siloed-decisions").out


@pytest.mark.model
def test_tagging_needs_no_store_and_keeps_the_order(shell: Shell, tmp_path: Path) -> None:
    rows = [
        {"id": "b", "text": "Nobody told the school that he had been hurt before."},
        {"id": "a", "text": "The library opens at nine.", "kind": "news"},
        {"id": "c", "text": ""},
    ]
    path = tmp_path / "passages.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    done = shell.run("tag", str(path))
    assert done.status == 0
    tagged = [json.loads(line) for line in done.out.splitlines()]
    assert [row["id"] for row in tagged] == ["b", "a", "c"]
    for row, source in zip(tagged, rows, strict=True):
        for code in row["codes"]:
            assert set(code) >= {"theme", "top_theme", "stance", "level", "attribution", "score"}
            for span in code["evidence"]:
                assert 0 <= span["start"] < span["end"] <= len(source["text"])


def test_a_malformed_line_to_tag_is_named(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "passages.jsonl"
    path.write_text('{"id": "a", "text": "x"}\n{"id": "b"}\n', encoding="utf-8")
    done = shell.run("tag", str(path))
    assert done.status == 1
    assert "passages.jsonl, line 2" in done.err
