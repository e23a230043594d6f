"""``crawl``, ``sources``, ``captures`` and ``ingest`` as a shell sees them; no host is asked."""

import json
from pathlib import Path

import pytest
from shell import Shell

from corpus.store import open_store
from ingest.report import CrawlReport, Seen

TEXT = "1.1 The clinic never wrote to the school about the letter that it kept that winter."


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    return Shell(capsys, str(tmp_path / "data"))


def test_sources_lists_every_publisher_with_how_it_is_crawled(shell: Shell) -> None:
    done = shell.on_data("sources", "--json")
    assert done.status == 0
    listed = {source["source_id"]: source for source in json.loads(done.out)}
    hosts = {host for source in listed.values() for host in source["hosts"]}
    assert {"www.gov.uk", "www.communitycare.co.uk"} <= hosts
    for source in listed.values():
        assert source["licence_tier"] in ("A", "B", "C")
        assert source["last_crawl"] is None
        assert source["crawl_delay_s"] >= 1
    assert "never crawled" in shell.on_data("sources").out


def test_a_watched_folder_is_taken_in_and_asks_nobody(shell: Shell, tmp_path: Path) -> None:
    inbox = tmp_path / "data" / "inbox"
    inbox.mkdir(parents=True)
    (inbox / "letter.txt").write_text(TEXT, encoding="utf-8")
    (inbox / "sums.xyz").write_text("1, 2", encoding="utf-8")
    dry = shell.on_data("crawl", "watched-folder", "--dry-run")
    assert "0 documents" in dry.out
    assert "would be taken in" in dry.err
    assert "passed over: sums.xyz: has none of the names" in dry.err
    (first,) = json.loads(shell.on_data("crawl", "watched-folder", "--json").out)
    assert [one["outcome"] for one in first["documents"]] == ["new"]
    (second,) = json.loads(shell.on_data("crawl", "watched-folder", "--json").out)
    assert [one["outcome"] for one in second["documents"]] == ["unchanged"]


def test_wrong_usage_and_unknown_names_are_told_apart(shell: Shell) -> None:
    assert shell.on_data("crawl").status == 2
    assert shell.on_data("crawl", "ico", "--all").status == 2
    assert shell.on_data("crawl", "ico", "--since", "soon").status == 2
    assert shell.on_data("ingest").status == 2
    unknown = shell.on_data("crawl", "nobody")
    assert unknown.status == 1
    assert "throughline sources" in unknown.err


def test_a_users_broken_file_is_named(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "sources"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text('name = "Mine"\n', encoding="utf-8")
    done = shell.on_data("sources")
    assert done.status == 1
    assert "mine.toml, the field 'publisher': it is missing" in done.err


@pytest.mark.parametrize(("collapses", "status"), [((), 0), (("ico: dates are lost.",), 3)])
def test_the_report_names_each_address_and_a_failed_gate_exits_3(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, collapses: tuple[str, ...], status: int
) -> None:
    report = CrawlReport(
        source_id="ico",
        crawl_id=1,
        by_outcome={
            "new": (Seen(address="https://ico.org.uk/a", title="A guide"),),
            "failed": (Seen(address="https://ico.org.uk/b", reason="is not found (status 404)"),),
        },
        list_pages=1,
        collapses=collapses,
    )
    monkeypatch.setattr("web.commands.crawl.crawl_source", lambda *_, **__: report)
    done = shell.on_data("crawl", "ico")
    assert done.status == status
    assert "new: https://ico.org.uk/a (A guide)" in done.out
    assert "failed: https://ico.org.uk/b: is not found (status 404)" in done.out
    assert all(f"GATE: {sentence}" in done.out for sentence in collapses)
    (shape,) = json.loads(shell.on_data("crawl", "ico", "--json").out)
    assert shape["counts"]["new"] == 1
    assert shape["by_outcome"]["failed"][0]["address"] == "https://ico.org.uk/b"
    assert shape["passed"] is (not collapses)


def test_a_flipped_byte_exits_3_and_names_the_document(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert shell.on_data("ingest", str(path)).status == 0
    assert shell.on_data("captures", "verify").status == 0
    (document,) = open_store(tmp_path / "data").iter_documents()
    (capture,) = (tmp_path / "data" / "captures").rglob("*.warc.gz")
    data = bytearray(capture.read_bytes())
    data[len(data) // 2] ^= 1
    capture.write_bytes(bytes(data))
    done = shell.on_data("captures", "verify", "--json")
    assert done.status == 3
    (damaged,) = json.loads(done.out)["damaged"]
    assert damaged["document_ids"] == [document.document_id]
    assert document.document_id in shell.on_data("captures", "verify").out


def test_captures_are_read_again_from_the_command_line(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text(TEXT, encoding="utf-8")
    shell.on_data("ingest", str(path))
    path.unlink()
    done = shell.on_data("ingest", "--from-captures", "--json")
    assert done.status == 0
    assert [one["outcome"] for one in json.loads(done.out)["documents"]] == ["unchanged"]
    assert shell.on_data("ingest", "--from-captures", "extra").status == 2
