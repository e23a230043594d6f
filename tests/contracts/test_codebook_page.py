"""docs/codebook.md says what the codebook's data say."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from nlp.codebook import Codebook, load_codebook
from nlp.codebook_page import COMMAND, render_codebook

PAGE = Path(__file__).parents[2] / "docs" / "codebook.md"


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load_codebook()


@pytest.fixture(scope="module")
def page(codebook: Codebook) -> str:
    return render_codebook(codebook)


def test_the_page_is_what_the_data_give(page: str) -> None:
    assert PAGE.read_text(encoding="utf-8") == page, f"out of date; run: {COMMAND}"


def test_the_command_that_the_page_names_writes_it(page: str) -> None:
    command = [sys.executable, "-X", "utf8", *COMMAND.split(" > ")[0].split()[1:]]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stdout.decode().replace("\r\n", "\n") == page


def test_every_link_within_the_page_leads_somewhere_and_to_one_place(page: str) -> None:
    anchors = Counter(re.findall(r'<a id="([^"]+)"></a>', page))
    assert {anchor for anchor, times in anchors.items() if times > 1} == set()
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= set(anchors)


def test_the_page_has_every_entry_of_the_codebook(codebook: Codebook, page: str) -> None:
    for theme in codebook.themes:
        assert f'<a id="{theme.theme_id}"></a>\n\n#### {theme.label}\n' in page
        assert all(f"“{cue.phrase}” (`{cue.cue_id}`)" in page for cue in theme.cues)
    for reform in codebook.reforms:
        assert reform.definition in page
    for case in codebook.tricky_cases:
        assert f"| {case.number} | {case.text} |" in page
    for source in codebook.sources.values():
        assert f"</a>{source.key} | {source.title} |" in page


def test_no_link_shows_a_raw_address(page: str) -> None:
    assert re.findall(r"\[https?:", page) == []
    assert len(re.findall(r"(?<!\(<)https?://", page)) == 0
