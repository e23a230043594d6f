"""The tagger that ships, on invented passages, with the real encoder."""

import json
from pathlib import Path

import pytest

from corpus.model import Attribution, Kind, Stance
from nlp.codebook import load_codebook
from nlp.embed import shared_encoder
from nlp.heads import load_heads
from nlp.pair_features import Pair
from nlp.pair_scores import score_pairs
from nlp.reading import read_passages
from nlp.tagger import Tagger, load_tagger, tagger_version

pytestmark = pytest.mark.model

PAIRS = Path(__file__).parents[1] / "evals" / "stance_pairs.jsonl"
FILLER = (
    "Mother attended the clinic with the baby and the visit was recorded. The family lived in a "
    "flat on the second floor and the older children walked to school. "
)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return load_tagger()


def themes(tagger: Tagger, text: str, kind: Kind = Kind.REVIEW) -> set[str]:
    return {one.code.theme for one in tagger.tag([text], [kind])[0].codes}


def test_vectors_are_the_encoders_own(tagger: Tagger) -> None:
    texts = ["The school was not told.", FILLER * 20, ""]
    tagged = tagger.tag(texts, [Kind.NEWS] * 3)
    for one, vector in zip(tagged, shared_encoder().encode(texts), strict=True):
        # In bulk they may be made in half precision: near enough to be compared with queries.
        assert float(one.vector @ vector) > 0.9995


def test_a_telling_sentence_among_idle_ones_is_found_and_is_the_evidence(tagger: Tagger) -> None:
    said = "The police knew of the father's convictions but did not share this with the school."
    before, after = "The baby was born in June and weighed six pounds.", "The cot was second hand."
    text = f"{before} {said} {after}"
    codes = tagger.tag([text], [Kind.REVIEW])[0].codes
    assert all(
        text[span.start : span.end] in {before, said, after}
        for one in codes
        for span in one.evidence
    )
    (span,) = next(one.evidence for one in codes if one.code.theme == "not-shared-between-agencies")
    assert text[span.start : span.end] == said


def test_every_finding_names_its_nearest_training_row(tagger: Tagger) -> None:
    rows = set(load_heads().row_ids)
    for one in tagger.tag(["Nobody read the history on file."], [Kind.REVIEW])[0].codes:
        assert one.support[-1].removeprefix("training:") in rows
        assert 0 < one.score <= 1


def test_a_clause_at_the_end_of_a_long_passage_counts(tagger: Tagger) -> None:
    end = "Two days after school rang social care he was withdrawn to be taught at home, unseen."
    assert "home-education-invisibility" in themes(tagger, end)
    assert "home-education-invisibility" in themes(tagger, FILLER * 15 + end)


def test_another_language_is_marked_and_gets_no_codes(tagger: Tagger) -> None:
    text = "Mae'r adolygiad wedi nodi bod y plentyn yn byw gyda ei fam ac nad oedd neb yn gwybod."
    tagged = tagger.tag([text, "4.12 ***"], [Kind.REVIEW] * 2)
    assert [one.untagged for one in tagged] == ["other-language", "no-words"]
    assert not any(one.codes for one in tagged)


@pytest.mark.parametrize(
    "text",
    [
        "Sign up to our newsletter for the latest jobs and events.",
        "The author is an independent consultant with thirty years in the health service.",
        "Photo: stock image posed by models.",
        "The bank said that parcels would be delivered on Tuesday.",
    ],
)
def test_boilerplate_gets_no_confident_code(tagger: Tagger, text: str) -> None:
    codes = tagger.tag([text], [Kind.NEWS])[0].codes
    assert not [one for one in codes if one.confident]


def test_what_is_not_of_the_field_is_never_confident(tagger: Tagger) -> None:
    lost = "Nobody told the {0} that the {1} had moved, and the two departments kept two lists."
    ours, theirs = lost.format("school", "child"), lost.format("editor", "printer")
    assert any(one.confident for one in tagger.tag([ours], [Kind.REVIEW])[0].codes)
    assert not any(one.confident for one in tagger.tag([theirs], [Kind.REVIEW])[0].codes)


def test_a_digest_reports_and_never_speaks_in_its_own_voice(tagger: Tagger) -> None:
    codes = tagger.tag(["The school was not told of the arrest."], [Kind.DIGEST])[0].codes
    assert codes
    assert {one.code.attribution for one in codes} == {Attribution.REPORTED}


def test_examples_of_the_codebook_mostly_get_their_theme(tagger: Tagger) -> None:
    examples = [
        (theme.theme_id, each) for theme in load_codebook().themes for each in theme.examples
    ]
    tagged = tagger.tag([each.text for _, each in examples], [Kind.REVIEW] * len(examples))
    missed = [
        (theme, each.text, [one.code.theme for one in got.codes])
        for (theme, each), got in zip(examples, tagged, strict=True)
        if not {code.theme for code in each.codes} & {one.code.theme for one in got.codes}
    ]
    assert len(missed) <= 0.4 * len(examples), missed


def test_minimal_pairs_get_their_stances() -> None:
    pairs = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    asked = [(pair, passage) for pair in pairs for passage in pair["passages"]]
    readings = read_passages(
        [passage["text"] for _, passage in asked],
        [Kind(passage["kind"]) for _, passage in asked],
        shared_encoder(),
    )
    found = score_pairs(
        [
            Pair(theme=pair["theme"], kind=reading.kind, window=reading.windows[0], sentence=0)
            for (pair, _), reading in zip(asked, readings, strict=True)
        ],
        load_heads(),
    )
    missed = [
        (pair["id"], passage["text"], one.stance)
        for (pair, passage), one in zip(asked, found, strict=True)
        if one.stance is not Stance(passage["stance"])
    ]
    assert len(missed) <= 0.28 * len(asked), missed


def test_versions_are_the_same_in_every_process(tagger: Tagger) -> None:
    assert tagger.version == tagger_version()
    assert len(tagger.version) == 16
