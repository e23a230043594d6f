"""The readers' questions that ask for figures, files, reasons and what became of a text."""

import json
import re

import pytest
from asked_world import CONSENT, DOOMED, OF_2023, THRESHOLD, THRESHOLD_CUE, UNSEEN, AskedWorld
from asking import Reader

from nlp.codebook import load_codebook
from nlp.embed import MODEL_SHA256
from web.counting import TOTAL
from web.withdrawing import withdraw

pytestmark = [pytest.mark.browser, pytest.mark.model]

REASON = "The partnership asked for it."
COUNTS = "table.counts"


def count(reader: Reader, since: str, until: str = "", rows: str = "") -> None:
    """Fill in the counts form and send it."""
    reader.choose("Counts")
    page = reader.page
    page.get_by_label("From (year)").fill(since)
    page.get_by_label("To (year)").fill(until)
    if rows:
        page.get_by_label("Rows").select_option(label=rows)
    page.get_by_role("button", name="Count", exact=True).click()
    page.wait_for_url(re.compile(f"from={since}"), wait_until="domcontentloaded")


def test_3_how_many_reviews_of_2023_found_each_sub_theme(reader: Reader) -> None:
    count(reader, "2023", "2023", "Every sub-theme")
    held = int(re.search(r"(\d+) reviews held", reader.words(".big"))[1])  # type: ignore[index]
    opened = {
        link.get_attribute("href"): link.inner_text()
        for link in reader.page.locator(f"{COUNTS} td[data-label=Machine] a").all()
        if "level=either" in (link.get_attribute("href") or "")
    }
    assert opened
    reviews: dict[str, set[str]] = {}
    for href, words in opened.items():
        figure = re.match(r"(\d+) of (\d+)", words)
        assert figure
        assert int(figure[2]) == held
        reader.open(href or "")
        ids = reader.page.locator("li.result[data-review]").evaluate_all(
            "items => items.map(item => item.dataset.review)"
        )
        # Reviews, each once, however many of its passages say so.
        assert len(ids) == len(set(ids)) == int(figure[1])
        reviews[href or ""] = set(ids)
    (total,) = [
        ids for href, ids in reviews.items() if f"theme={TOTAL}" in href and "level=either" in href
    ]
    assert set(OF_2023) <= total
    assert total == set().union(*reviews.values())


def test_4_no_bare_trend_is_drawn_of_failure_since_2010(reader: Reader) -> None:
    count(reader, "2010")
    assert "cannot say whether a failing is becoming more common" in reader.words()
    years = reader.rows("details.more table.compact")
    assert [row[0] for row in years] == sorted(row[0] for row in years)
    assert years[0][0] == "2010"
    for _, held, *figures in years:
        for figure in figures:
            assert re.match(r"\d+ of \d+|none checked|–", figure), figure
            out_of = re.match(r"\d+ of (\d+)", figure)
            assert not out_of or int(out_of[1]) <= int(held)
    assert reader.page.locator("main svg, main canvas").count() == 0
    reader.open("/recurrence?from=2010")
    shares = reader.words("#chart-share")
    assert re.search(r"\d+ of \d+ reviews \(\d+%\)", shares)
    assert "rapid reviews and unpublished reviews are not held" in shares


def test_5_our_count_beside_the_panels_40_per_cent(reader: Reader) -> None:
    reader.choose("Counts")
    reader.follow("Compare with figures that others published")
    section = reader.page.locator("main section", has_text="40%").first
    words = " ".join((section.text_content() or "").split())
    assert "Panel" in words
    assert "Our nearest figures" in words
    reasons = words[words.index("Why the two are not alike") :].lower()
    assert "rapid reviews" in reasons
    assert "critical" in reasons
    assert re.search(r"2018|17 months|period|publication", reasons)
    ours = section.locator("table.counts tbody tr")
    assert ours.count() >= 2  # by publication and by what happened


def test_12_every_passage_coded_home_education_as_a_file(reader: Reader) -> None:
    reader.choose("Themes")
    reader.follow("Home education and invisibility")
    href = reader.link(re.compile("JSON lines")).get_attribute("href")
    answer = reader.page.request.get(f"{reader.address}{href}")
    assert answer.ok
    rows = [json.loads(line) for line in answer.text().splitlines() if line.strip()]
    assert CONSENT["unseen"][0] in {row["text"] for row in rows}
    assert CONSENT["mentioned"][0] not in answer.text()
    for row in rows:
        assert UNSEEN in json.dumps(row)
        assert row["end_char"] - row["start_char"] >= len(row["text"].rstrip("…"))
        assert row["licence_tier"]
    # The same by the API, which names what it was made with.
    listed = f"{reader.address}/api/v1/passages?theme={UNSEEN}&per_page=100"
    envelope = reader.page.request.get(listed).json()
    assert {row["passage_id"] for row in envelope["data"]} == {row["passage_id"] for row in rows}
    meta = envelope["meta"]
    assert meta["snapshot"] == rows[0]["export"]["snapshot"]
    assert meta["codebook_version"] == load_codebook().version
    assert meta["tagger_version"] == "stated-1"
    assert MODEL_SHA256 in meta["model"]


def test_13_why_a_passage_was_coded_threshold_mismatch(reader: Reader) -> None:
    theme = load_codebook().theme(THRESHOLD)
    reader.choose("Themes")
    reader.follow(theme.label)
    entry = reader.page.locator("ol.recurrence .passage", has_text=THRESHOLD_CUE)
    entry.get_by_role("link", name="This passage in context").click()
    reader.settle()
    why = reader.words("section[aria-labelledby=why]")
    assert reader.words(".why mark.evidence") == THRESHOLD_CUE
    assert f"the cue “{THRESHOLD_CUE}”" in why
    assert " ".join(theme.definition.split()) in why
    assert "0.87 of 1: how sure the machine is" in why
    assert "stated-1" in why
    assert "Nobody has judged this passage yet" in why
    dispute = reader.link("Dispute this coding").get_attribute("href")
    assert dispute
    assert dispute.startswith("mailto:corrections@example.org")


def test_13_what_people_said_of_it_one_after_the_other(reader: Reader, asked: AskedWorld) -> None:
    reader.open(f"/passages/{asked.consent['judged'].passage_id}")
    why = reader.words("section[aria-labelledby=why]")
    assert why.index("first-coder") < why.rindex("second-coder")
    assert "a person’s decision stands before the machine’s" in why
    assert "What the machine says, which does not stand here:" in why


def test_15_how_far_the_labels_can_be_trusted(reader: Reader) -> None:
    reader.choose("Method")
    words = reader.words()
    assert re.search(r"Measured on \d{1,2} [A-Z][a-z]+ \d{4}", words)
    heads = reader.page.locator("main table").nth(1).locator("thead th").all_inner_texts()
    assert {"F1", "95% interval", "Passages with it"} <= set(heads)
    for row in reader.rows("section[aria-labelledby=by-theme] table"):
        told = dict(zip(heads, row, strict=True))
        assert re.fullmatch(r"[01]\.\d\d", told["F1"])
        assert re.search(r"\d\.\d\d", told["95% interval"])
        assert told["How to read it"]
    assert "Two people" in reader.words("section[aria-labelledby=good] table")
    assert "We decline to report figures for them" in words


def test_14_a_review_that_was_withdrawn(reader: Reader, asked: AskedWorld) -> None:
    page, passage = reader.page, asked.doomed
    count(reader, "2018", "2018")
    before = int(re.search(r"(\d+) reviews held", reader.words(".big"))[1])  # type: ignore[index]
    reader.ask("the lamplighter’s ledger")
    assert DOOMED[0] in {one.text for one in reader.results()}
    listed = page.url
    withdraw(asked.store, asked.data_dir, [passage.document_id], reason=REASON, by="test")
    assert reader.open(f"/passages/{passage.passage_id}") == 410
    assert REASON in reader.words()
    for address in (listed, f"{reader.address}/api/v1/passages?q=lamplighter", f"{listed}&tab=all"):
        assert "shown to none of the others" not in page.request.get(address).text()
    answer = page.request.get(f"{reader.address}/api/v1/passages/{passage.passage_id}")
    assert answer.status == 410
    reader.choose("Sources")
    assert REASON in reader.words("section[aria-labelledby=withdrawn]")
    count(reader, "2018", "2018")
    assert f"{before - 1} reviews held" in reader.words(".big")
