import datetime as dt
import re
from collections import Counter
from pathlib import Path

import pytest

from corpus.catalogue import (
    CODER,
    RELEASED,
    CatalogueEntry,
    CatalogueReport,
    add_catalogue,
    load_catalogue,
    read_entry,
)
from corpus.errors import InvalidInputError
from corpus.model import Attribution, EvidenceGrade, Judgement, Kind, LicenceTier, Stance
from corpus.store import Store, open_store

CODEBOOK = "0.0.0+test"

# Invented, like every text in these tests.
GOOD = """\
title = "Serious case review: Child Z"
review_type = "serious case review"
nation = "England"
published = "2011-05"
aliases = ["Child Z"]
sources = ["https://www.example.org/child-z"]
summary = \"\"\"
A review of how three services worked
with one family.
\"\"\"

[[finding]]
id = 1
text = "The school was not told of the move."
kind = "failing"
evidence = "press"
source_url = "https://www.example.org/child-z"
theme_hint = "school not told"
codes = [
    { theme = "not-shared-between-agencies", stance = "failing-found", level = "case" },
]

[[finding]]
id = 4
text = "Each service should name one person to ask."
kind = "recommendation"
evidence = "official"
source_url = "https://www.example.org/child-z"
codes = []
reform = ["reform-training"]

[[figure]]
statement = "Visits made"
value = 12
unit = "visits"
source_url = "https://www.example.org/child-z"
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path)


@pytest.fixture(scope="module")
def shipped() -> dict[str, CatalogueEntry]:
    return {entry.review.review_id: entry for entry in load_catalogue()}


def entry_of(text: str) -> CatalogueEntry:
    return read_entry("child-z-2011.toml", text)


def judgements_of(store: Store) -> list[Judgement]:
    return list(store.iter_judgements())


# -- what ships ---------------------------------------------------------------


def test_every_shipped_review_and_finding_is_there(shipped: dict[str, CatalogueEntry]) -> None:
    assert len(shipped) == 165
    assert sum(len(entry.passages) for entry in shipped.values()) == 548


def test_shipped_hand_codes_are_counted(shipped: dict[str, CatalogueEntry]) -> None:
    hand_codes = [code for entry in shipped.values() for code in entry.hand_codes]
    codes = [code for hand_code in hand_codes for code in hand_code.codes]

    assert len(codes) == 584
    assert Counter(code.stance for code in codes)[Stance.FAILING] == 401
    assert {code.attribution for code in codes} == {Attribution.REPORTED}
    assert sum(len(hand_code.reforms) for hand_code in hand_codes) == 44


@pytest.mark.parametrize(
    ("review_id", "title_holds", "year"),
    [
        ("maria-colwell-1974", "Maria Colwell", 1974),
        ("victoria-climbie-2003", "The Victoria Climbié Inquiry", 2003),
        ("scr-daniel-pelka-2013", "Daniel Pelka", 2013),
        (
            "national-review-arthur-labinjo-hughes-star-hobson-2022",
            "Arthur Labinjo-Hughes and Star Hobson",
            2022,
        ),
    ],
)
def test_the_named_reviews_are_found_by_id(
    shipped: dict[str, CatalogueEntry], review_id: str, title_holds: str, year: int
) -> None:
    review = shipped[review_id].review

    assert title_holds in review.title
    assert review.published is not None
    assert review.published.year == year
    assert shipped[review_id].passages


def test_every_theme_and_reform_is_in_the_codebook(shipped: dict[str, CatalogueEntry]) -> None:
    from nlp.codebook import load_codebook

    codebook = load_codebook()
    themes = {theme.theme_id for theme in codebook.themes}
    reforms = {reform.reform_id for reform in codebook.reforms}
    hand_codes = [code for entry in shipped.values() for code in entry.hand_codes]

    assert {code.theme for hand_code in hand_codes for code in hand_code.codes} <= themes
    assert {reform for hand_code in hand_codes for reform in hand_code.reforms} <= reforms


def test_a_name_that_no_official_body_joined_is_in_no_shown_text(
    shipped: dict[str, CatalogueEntry],
) -> None:
    pseudonymous = [
        entry
        for entry in shipped.values()
        if entry.review.identity_link and not entry.review.identity_link.startswith("official")
    ]
    assert len(pseudonymous) >= 8
    for entry in pseudonymous:
        review = entry.review
        shown = " ".join(
            [review.title, *review.cautions, entry.document.title, entry.document.text]
            + [hand_code.note for hand_code in entry.hand_codes]
        )
        for name in review.case_names:
            assert name.casefold() not in shown.casefold(), review.review_id
        assert review.cautions, f"{review.review_id} should say where its name comes from"


@pytest.mark.parametrize(
    ("review_id", "caution_holds"),
    [
        ("scr-declan-hainey-2012", "quashed"),
        ("fai-declan-hainey-2014", "quashed"),
        ("scr-child-k-blake-fowler-2015", "open conclusion"),
        ("scr-child-n-cumbria-2016", "nobody was convicted"),
        ("cleveland-1988", "contested"),
        ("rikki-neave-1997", "services"),
        ("scr-rochdale-yp1-6-2013", "rejects"),
        ("scr-rochdale-yp7-2013", "rejects"),
        ("gm-assurance-review-rochdale-2024", "rejects"),
        ("jtai-solihull-2022", "did not examine"),
        ("national-review-arthur-labinjo-hughes-star-hobson-2022", "16 or 17 June 2020"),
        ("lcspr-sara-sharif-2025", "two days or one day"),
        ("annual-review-lcspr-rapid-reviews-2021", "in words only"),
        ("panel-annual-report-2018-2019", "538"),
        ("lcspr-theo-derbyshire-2024", "kept this child anonymous"),
        ("scr-polly-derbyshire-2017", "kept this child anonymous"),
    ],
)
def test_disputed_facts_carry_a_caution(
    shipped: dict[str, CatalogueEntry], review_id: str, caution_holds: str
) -> None:
    assert any(caution_holds in caution for caution in shipped[review_id].review.cautions)


def test_only_reviews_of_the_same_events_share_a_case(shipped: dict[str, CatalogueEntry]) -> None:
    cases: dict[str, list[str]] = {}
    for entry in shipped.values():
        cases.setdefault(entry.review.case_id, []).append(entry.review.review_id)

    assert [sorted(reviews) for reviews in cases.values() if len(reviews) > 1] == [
        ["daniel-pelka-deeper-analysis-2014", "scr-daniel-pelka-2013"],
        ["fai-declan-hainey-2014", "scr-declan-hainey-2012"],
        ["scr-peter-connelly-first-2008", "scr-peter-connelly-second-2009"],
    ]


def test_every_digest_is_sliced_by_its_passages(shipped: dict[str, CatalogueEntry]) -> None:
    for entry in shipped.values():
        text = entry.document.text
        parts = [text[passage.start_char : passage.end_char] for passage in entry.passages]
        assert parts == [passage.text for passage in entry.passages]
        assert "\n\n".join([entry.review.summary, *parts]) == text


def test_no_shipped_text_keeps_escapes_or_stray_spaces(
    shipped: dict[str, CatalogueEntry],
) -> None:
    for entry in shipped.values():
        assert not re.search(r"\\| {2}|\n(?!\n?\S)| \n", entry.document.text)


# -- one file -----------------------------------------------------------------


def test_a_file_becomes_a_review_a_digest_passages_and_hand_codes() -> None:
    entry = entry_of(GOOD)

    assert entry.review.review_id == entry.review.case_id == "child-z-2011"
    assert str(entry.review.published) == "2011-05"
    assert entry.review.figures[0].value == "12"
    assert entry.document.kind is Kind.DIGEST
    assert entry.document.identity == "catalogue:child-z-2011"
    assert entry.document.publisher == "Throughline"
    assert entry.document.published == entry.review.published
    assert entry.document.title == entry.review.title
    assert entry.document.captured_at == RELEASED
    assert entry.document.licence_tier is LicenceTier.OPEN
    first, second = entry.passages
    assert (first.heading, first.paragraph, first.position) == ("Failing", "1", 0)
    assert (second.heading, second.paragraph, second.position) == ("Recommendation", "4", 1)
    assert second.evidence_grade is EvidenceGrade.OFFICIAL
    assert first.source_url == "https://www.example.org/child-z"
    assert [code.theme for code in entry.hand_codes[0].codes] == ["not-shared-between-agencies"]
    assert entry.hand_codes[0].note == "school not told"
    assert entry.hand_codes[1].codes == ()
    assert entry.hand_codes[1].reforms == ("reform-training",)


def test_how_a_text_is_wrapped_in_its_file_does_not_matter() -> None:
    rewrapped = GOOD.replace("three services worked\nwith", "three services\nworked with")

    assert rewrapped != GOOD
    assert entry_of(rewrapped) == entry_of(GOOD)


def test_a_review_without_findings_has_a_digest_and_no_passages() -> None:
    entry = entry_of(GOOD.partition("[[finding]]")[0])

    assert entry.passages == ()
    assert entry.document.text == "A review of how three services worked with one family."


BAD = {
    "unknown key": ('nation = "England"', 'nation = "England"\nnatoin = "Wales"', "natoin"),
    "missing key": ('title = "Serious case review: Child Z"\n', "", "title is missing"),
    "wrong type": ('nation = "England"', "nation = 3", "nation should be 'England'"),
    "unknown nation": ('nation = "England"', 'nation = "UK"', "'United Kingdom'"),
    "no such day": ('"2011-05"', '"2011-02-30"', "published should be a date"),
    "unquoted date": ('"2011-05"', "2011-05-01", "published should be a date in quotation marks"),
    "unknown stance": ('"failing-found"', '"failed"', "finding 1, codes 1, stance should be"),
    "unknown level": ('level = "case"', 'level = "town"', "finding 1, codes 1, level should be"),
    "unknown grade": ('"official"', '"hearsay"', "finding 2, evidence should be 'official'"),
    "unknown kind": ('"recommendation"', '"advice"', "finding 2, kind should be 'failing'"),
    "theme not a slug": ('"not-shared-between-agencies"', '"Not shared"', "theme should be a slug"),
    "repeated number": ("id = 4", "id = 1", "1 is used twice"),
    "number in words": ("id = 4", 'id = "4"', "finding 2, id should be a whole number"),
    "no page": (
        'source_url = "https://www.example.org/child-z"\ntheme_hint',
        "theme_hint",
        "finding 1 should have source_url",
    ),
    "address without scheme": (
        '["https://www.example.org/child-z"]',
        '["www.example.org"]',
        "sources 1 should be an address",
    ),
    "repeated source": (
        '["https://www.example.org/child-z"]',
        '["https://a.example/b", "https://a.example/b"]',
        "sources should be a list without repeats (number 2 is one)",
    ),
    "no sources": ('["https://www.example.org/child-z"]', "[]", "sources should be a list of at"),
    "not a list": ('["Child Z"]', '"Child Z"', "aliases should be a list in square brackets"),
    "codes left out": ("codes = []\n", "", "finding 2, codes is missing"),
    "empty text": (
        '"The school was not told of the move."',
        '"  "',
        "finding 1, text should be text that is not empty",
    ),
    "figure in words": ("value = 12", 'value = "twelve"', "figure 1, value should be a number"),
    "not TOML": ('nation = "England"', "nation = England", "is not TOML"),
    "unlinked name": (
        'aliases = ["Child Z"]',
        'case_names = ["Child Z"]\nidentity_link = "national press"',
        "no case name in title",
    ),
}


@pytest.mark.parametrize(("old", "new", "said"), BAD.values(), ids=BAD.keys())
def test_an_error_names_the_file_and_the_field(old: str, new: str, said: str) -> None:
    assert old in GOOD

    with pytest.raises(InvalidInputError) as caught:
        entry_of(GOOD.replace(old, new, 1))

    assert str(caught.value).startswith("child-z-2011.toml")
    assert said in str(caught.value)


def test_every_fault_of_a_file_is_told_at_once() -> None:
    bad = GOOD.replace('"failing-found"', '"failed"').replace("value = 12", "value = true")

    with pytest.raises(InvalidInputError, match=r"stance should be .*; figure 1, value should be"):
        entry_of(bad)


def test_a_secondary_finding_may_lack_a_page_where_a_caution_says_why() -> None:
    unsourced = GOOD.replace(
        'evidence = "press"\nsource_url = "https://www.example.org/child-z"',
        'evidence = "secondary"',
    )

    with pytest.raises(InvalidInputError, match="should have a caution"):
        entry_of(unsourced)
    explained = unsourced.replace("sources =", 'cautions = ["Several pages agree."]\nsources =')
    assert entry_of(explained).passages[0].source_url is None


def test_a_file_whose_name_is_no_slug_is_refused() -> None:
    with pytest.raises(InvalidInputError, match=r"Child Z\.toml: the file's name"):
        read_entry("Child Z.toml", GOOD)


# -- into the store -----------------------------------------------------------


def test_adding_the_catalogue_twice_adds_nothing(store: Store) -> None:
    first = add_catalogue(store, codebook_version=CODEBOOK)
    rows, revision = store.count_rows(), store.revision

    second = add_catalogue(store, codebook_version=CODEBOOK)

    assert first == CatalogueReport(new=165, changed=0, unchanged=0)
    assert second == CatalogueReport(new=0, changed=0, unchanged=165)
    assert store.count_rows() == rows
    assert store.revision == revision
    assert (rows["reviews"], rows["documents"]) == (165, 165)
    assert (rows["passages"], rows["judgements"]) == (548, 548)


def test_a_judgement_is_added_for_every_finding_also_an_empty_one(store: Store) -> None:
    entry = entry_of(GOOD)

    add_catalogue(store, codebook_version=CODEBOOK, entries=[entry])

    coded, empty = judgements_of(store)
    assert (coded.coder, coded.judged_at, coded.codebook_version) == (CODER, RELEASED, CODEBOOK)
    assert coded.codes == entry.hand_codes[0].codes
    assert empty.codes == ()
    assert empty.reforms == ("reform-training",)


def test_a_later_codebook_does_not_repeat_the_judgements(store: Store) -> None:
    add_catalogue(store, codebook_version=CODEBOOK, entries=[entry_of(GOOD)])

    report = add_catalogue(store, codebook_version="0.0.1+test", entries=[entry_of(GOOD)])

    assert report == CatalogueReport(new=0, changed=0, unchanged=1)
    assert len(judgements_of(store)) == 2


def test_a_changed_finding_makes_a_new_version_judged_anew(store: Store) -> None:
    older = entry_of(GOOD)
    newer = entry_of(GOOD.replace("was not told of the move", "was not told that they moved"))
    add_catalogue(store, codebook_version=CODEBOOK, entries=[older])

    report = add_catalogue(store, codebook_version=CODEBOOK, entries=[newer])

    assert report == CatalogueReport(new=0, changed=1, unchanged=0)
    assert list(store.iter_documents()) == [newer.document]
    assert store.get_document(older.document.document_id) == older.document
    assert list(store.iter_passages()) == list(newer.passages)
    judged = {judgement.passage_id for judgement in judgements_of(store)}
    assert judged == {passage.passage_id for passage in older.passages + newer.passages}


def test_a_text_that_comes_back_is_the_newest_version_again(store: Store) -> None:
    older = entry_of(GOOD)
    newer = entry_of(GOOD.replace("was not told of the move", "was not told that they moved"))
    for entry in (older, newer, older):
        add_catalogue(store, codebook_version=CODEBOOK, entries=[entry])

    assert list(store.iter_documents()) == [older.document]
    assert len(judgements_of(store)) == 4


def test_a_corrected_title_or_address_replaces_the_old_one(store: Store) -> None:
    add_catalogue(store, codebook_version=CODEBOOK, entries=[entry_of(GOOD)])
    mended = entry_of(
        GOOD.replace("review: Child Z", "review: Young Person Z").replace(
            'evidence = "press"\nsource_url = "https://www.example.org/child-z"',
            'evidence = "partnership"\nsource_url = "https://www.example.org/report"',
        )
    )

    report = add_catalogue(store, codebook_version=CODEBOOK, entries=[mended])

    assert report.changed == 1
    assert store.get_review("child-z-2011").title == "Serious case review: Young Person Z"
    assert list(store.iter_documents()) == [mended.document]
    assert list(store.iter_passages()) == list(mended.passages)
    assert len(judgements_of(store)) == 2


def test_changed_codes_follow_the_older_ones(store: Store) -> None:
    add_catalogue(store, codebook_version=CODEBOOK, entries=[entry_of(GOOD)])
    recoded = entry_of(GOOD.replace('level = "case"', 'level = "system"'))

    report = add_catalogue(store, codebook_version=CODEBOOK, entries=[recoded])

    assert report == CatalogueReport(new=0, changed=1, unchanged=0)
    assert [judgement.codes for judgement in judgements_of(store)] == [
        entry_of(GOOD).hand_codes[0].codes,
        (),
        recoded.hand_codes[0].codes,
    ]


def test_a_person_who_judged_since_keeps_the_last_word(store: Store) -> None:
    entry = entry_of(GOOD)
    add_catalogue(store, codebook_version=CODEBOOK, entries=[entry])
    theirs = Judgement(
        passage_id=entry.passages[0].passage_id,
        coder="reader-1",
        judged_at=dt.datetime(2026, 12, 1, tzinfo=dt.UTC),
        codebook_version=CODEBOOK,
        codes=(),
    )
    store.add_judgement(theirs)

    recoded = entry_of(GOOD.replace('level = "case"', 'level = "system"'))
    for entries in ([entry], [recoded]):
        report = add_catalogue(store, codebook_version=CODEBOOK, entries=entries)
        assert report.unchanged == 1

    assert judgements_of(store)[-1] == theirs


def test_no_address_carries_a_name_that_the_publisher_did_not_give() -> None:
    for entry in load_catalogue():
        link = entry.review.identity_link
        if link is None or link == "official":
            continue
        for name in entry.review.case_names:
            words = re.findall(r"[a-z]{4,}", name.lower())
            assert not [word for word in words if word in entry.review.review_id], name


def test_an_address_with_a_withheld_name_is_cut_to_its_site() -> None:
    named = "https://news.example.org/2011/zoe%20zz-invented-inquest?page=2"
    text = GOOD.replace("https://www.example.org/child-z", named).replace(
        'aliases = ["Child Z"]\n',
        'aliases = ["Child Z"]\ncase_names = ["Zoe Invented"]\n'
        'identity_link = "court; the publisher kept the child anonymous"\n',
    )
    entry = entry_of(text)
    addresses = [*entry.review.sources, entry.review.figures[0].source_url]
    addresses += [str(passage.source_url) for passage in entry.passages]
    assert set(addresses) == {"https://news.example.org/"}
    shown = entry_of(text.replace("; the publisher kept the child anonymous", ""))
    assert shown.review.sources == (named,)
