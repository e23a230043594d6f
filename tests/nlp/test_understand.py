"""What a query is taken to ask for besides its words, and how a reader takes it back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import make_review

from corpus.filters import PassageFilter
from corpus.model import Stance
from nlp.codebook import load_codebook
from nlp.query_themes import QueryTheme
from nlp.understand import other_meanings, understand, with_themes
from nlp.understand_data import query_patterns
from nlp.understand_names import KnownNames
from nlp.understood import Effect, Understood

NAMES = KnownNames.of(
    [
        make_review(
            "ash-and-birch", case_names=("Ash Vale", "Birch Lane"), aliases=("Ash and Birch",)
        ),
        make_review("rowan-first", case_names=("Rowan Hill",), aliases=("Baby R",)),
        make_review("rowan-second", case_names=("Rowan Hill",), aliases=("Baby R",)),
        make_review("elm", title="Serious case review: Child A (Elm)", case_names=("Elm Hurst",)),
        make_review("oak", title="Local review: Child A (anonymous; two councils)"),
        make_review("hidden", case_names=("Alder Grey",), identity_link="anonymous: kept so"),
    ]
)


def read(text: str, **options: object) -> Understood:
    return understand(text, codebook=load_codebook(), names=NAMES, **options)  # type: ignore[arg-type]


def asked_for(wanted: PassageFilter) -> dict[str, object]:
    return {name: value for name, value in vars(wanted).items() if value}


@pytest.mark.parametrize(
    ("text", "asked", "wanted"),
    [
        ("consent refused after 2015", "consent refused", {"from_year": 2016}),
        ("since 1990, fathers", ", fathers", {"from_year": 1990}),
        (
            "did fear of the law appear before GDPR?",
            "did fear of the law appear ?",
            {"to_year": 2017},
        ),
        ("records since Climbié", "records", {"from_year": 2003}),
        ("lost files in the 1990s", "lost files", {"from_year": 1990, "to_year": 1999}),
        ("silos between 2004 and 1998", "silos", {"from_year": 1998, "to_year": 2004}),
        ("handovers in Wales", "handovers", {"nation": "Wales"}),
        ("Scottish case reviews on neglect", "case reviews on neglect", {"nation": "Scotland"}),
        ("English as a second language", "English as a second language", {}),
        ("in England and in Wales", "in England and in Wales", {}),
        ("consent in England and Wales", "consent in England and Wales", {}),
        ("moves from Wales, Scotland or England", "moves from Wales, Scotland or England", {}),
        ("the Working Together 2018 guidance", "the Working Together 2018 guidance", {}),
        (
            "what did the Ash and Birch review say on fathers",
            "what did the say on fathers",
            {"review_id": "ash-and-birch"},
        ),
        ("theme:data-protection-fear school", "school", {"themes": ("data-protection-fear",)}),
        ("stance:good year:>=2010 x", "x", {"stances": (Stance.GOOD_PRACTICE,), "from_year": 2010}),
        (
            "year:2001-2003 nation:wales x",
            "x",
            {"from_year": 2001, "to_year": 2003, "nation": "Wales"},
        ),
        ("year:2010..2003 x", "x", {"from_year": 2003, "to_year": 2010}),
        ("year:0000", "year:0000", {}),
        ("year:2015 x year:2010", "x year:2010", {"from_year": 2015, "to_year": 2015}),
        ("theme:weather http://a.b stance:zzz", "theme:weather http://a.b stance:zzz", {}),
    ],
)
def test_what_is_read_becomes_a_filter_and_leaves_the_rest(
    text: str, asked: str, wanted: dict[str, object]
) -> None:
    understood = read(text)
    assert understood.asked == asked
    assert asked_for(understood.filter) == wanted


def test_every_reading_names_its_words_and_can_be_taken_back() -> None:
    text = "recommendations on the police in Wales after 2015 -weather title:summary"
    understood = read(text)
    words = {
        one.key: text[one.span.start : one.span.end] for one in understood.readings if one.span
    }
    assert words == {
        "stance:change-proposed": "recommendations",
        "agency:police": "police",
        "nation:Wales": "in Wales",
        "years:2016-": "after 2015",
        "without:weather": "-weather",
        "title:summary": "title:summary",
    }
    for key in words:
        left = [one.key for one in read(text, ignore=(key,)).readings]
        assert left == [other for other in words if other != key]
    assert read(text, ignore=tuple(words)).asked == text
    assert read(text, plain=True) == Understood(
        text=text, asked=text, words=read(text, plain=True).words
    )


def test_a_stance_and_an_agency_leave_no_passage_out() -> None:
    understood = read("examples of good practice by health visitors")
    assert understood.stances == (Stance.GOOD_PRACTICE,)
    assert {one.effect for one in understood.readings} == {Effect.SOFT}
    assert understood.filter == PassageFilter()


def test_a_phrase_taken_back_is_asked_for_word_by_word() -> None:
    assert read('the "lost file"').words.phrases == (("lost", "file"),)
    taken = read('the "lost file"', ignore=("phrase:lost file",))
    assert (taken.asked, taken.words.phrases) == ("the lost file", ())


@pytest.mark.parametrize(
    ("text", "typed", "wanted"),
    [
        ("theme:weather", "theme:weather", "a theme of the codebook"),
        ("Kind:poem rain", "Kind:poem", "one kind of document"),
        ("nation:France x", "nation:France", "a nation of the United Kingdom"),
        ('review:"Child A"', 'review:"Child A"', "one review that is held"),
    ],
)
def test_a_field_that_names_nothing_is_said_to_be_words(text: str, typed: str, wanted: str) -> None:
    understood = read(text)
    (note,) = (one for one in understood.readings if one.kind == "field")
    assert note.effect is Effect.NOTE
    assert note.label == (
        f"“{typed}” is no filter, since it should name {wanted}; its words are searched for"
    )
    # Quoted words are a phrase, as they would be without the field.
    filters = [one.key for one in understood.readings if one.effect is Effect.FILTER]
    assert filters == (["phrase:Child A"] if '"' in text else [])


@pytest.mark.parametrize("text", ["http://a.b", "title:--", "weather: fine", "note:this"])
def test_a_colon_alone_is_no_field(text: str) -> None:
    assert not [one for one in read(text).readings if one.kind == "field"]


@pytest.mark.parametrize(
    ("text", "key", "effect"),
    [
        ("Rowan Hill inquiry", "review:Rowan Hill", Effect.SOFT),
        ("Birch Lane and fathers", "review:ash-and-birch", Effect.SOFT),
        ("the Lane review", "review:ash-and-birch", Effect.FILTER),
    ],
)
def test_a_name_of_several_reviews_or_without_a_frame_only_prefers(
    text: str, key: str, effect: Effect
) -> None:
    (found,) = (one for one in read(text).readings if one.kind == "review")
    assert (found.key, found.effect) == (key, effect)


@pytest.mark.parametrize(
    "text", ["Child A", "child a", "reviews about Child A", "was consent asked for Child A at all?"]
)
def test_a_pseudonym_prefers_every_review_that_uses_it_and_says_how_many(text: str) -> None:
    (found,) = (one for one in read(text).readings if one.kind == "review")
    assert found.effect is Effect.SOFT
    assert found.label.endswith("first, as 2 reviews are called")


@pytest.mark.parametrize(
    "text", ["was the child a victim", "WAS THE CHILD A VICTIM", "Family GP", "child at school"]
)
def test_a_letter_or_two_are_no_pseudonym_where_nobody_is_called_so(text: str) -> None:
    assert not [one for one in read(text).readings if one.kind == "review"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Child B", "Child B"),
        ("the review of Child BR", "Child BR"),
        ("was consent asked for Child B at all?", "Child B"),
    ],
)
def test_a_pseudonym_under_which_no_review_is_held_is_said_to_be_none(text: str, name: str) -> None:
    understood = read(text)
    (found,) = (one for one in understood.readings if one.kind == "review")
    assert (found.value, found.effect) == (name, Effect.NOTE)
    assert found.label == f"no review is held under the name “{name}”"
    assert understood.asked == text
    assert understood.names_nobody_held


def test_what_an_abbreviation_could_mean_besides_is_known() -> None:
    (found,) = (one for one in read("SAR").readings if one.kind == "abbreviation")
    assert other_meanings(found) == ("subject access request",)


@pytest.mark.parametrize("text", ["Alder Grey review", "the Grey inquiry"])
def test_a_child_whom_the_publisher_kept_anonymous_is_never_named(text: str) -> None:
    assert not [one for one in read(text).readings if one.kind == "review"]


@pytest.mark.parametrize(
    ("text", "asked", "shut_out"),
    [
        ("SAR on self-neglect", "safeguarding adult review on self-neglect", "subject access"),
        ("SAR records from the ICO", "subject access request records from the ICO", "adult review"),
    ],
)
def test_an_abbreviation_of_two_meanings_is_read_as_one_and_the_other_is_left_out(
    text: str, asked: str, shut_out: str
) -> None:
    understood = read(text)
    assert understood.asked == asked
    (reading,) = (one for one in understood.readings if one.kind == "abbreviation")
    assert shut_out in reading.label
    assert len(understood.without.phrases) == 1


def test_an_abbreviation_that_differs_by_nation_is_said() -> None:
    (reading,) = read("SCR lessons").readings
    assert reading.effect is Effect.NOTE
    assert "England" in reading.label
    assert "Scotland" in reading.label


def test_a_pasted_paragraph_is_only_searched_for() -> None:
    text = "In Wales, after 2015, the review found that consent had been refused. " * 10
    assert read(text).readings == ()


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("year:2015 visits year:2010", PassageFilter()),
        ("visits stance:good stance:failing", PassageFilter()),
        ("visits in Wales", PassageFilter(nation="England")),
        ("visits before 2010", PassageFilter(from_year=2001)),
    ],
)
def test_a_filter_that_another_of_its_kind_stands_before_is_said_to_do_nothing(
    text: str, beside: PassageFilter
) -> None:
    understood = read(text, beside=beside)
    last = understood.readings[-1]
    assert last.effect is Effect.NOTE
    assert "another filter of this kind stands" in last.label
    assert last.key not in understood.filter_keys()
    *before, _ = read(text).readings
    alone = read(text, ignore=[one.key for one in before])
    assert alone.readings[-1].effect is Effect.FILTER


def test_a_filter_that_says_what_was_chosen_already_stands() -> None:
    understood = read("visits in Wales", beside=PassageFilter(nation="Wales"))
    assert [one.effect for one in understood.readings] == [Effect.FILTER]


PIECES = (
    *('"', "“", "(", ")", "-", "--", "title:", "year:", "review:", "theme:", "AND", "*", "🙂"),
    *("in Wales", "after", "2015", "SAR", "before GDPR", "\ud800", "\x00", "İ"),
)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=200),
        st.lists(
            st.sampled_from(PIECES),
            max_size=20,
        ).map(" ".join),
    )
)
def test_any_text_is_read_and_something_is_left_to_look_for(text: str) -> None:
    understood = read(text)
    assert understood == read(text)
    for one in understood.readings:
        assert one.span is None or 0 <= one.span.start < one.span.end <= len(understood.text)
    something = understood.asked or asked_for(understood.filter) or understood.without.phrases
    assert something or understood.title.phrases or not understood.text


def test_a_hundred_kilobytes_are_read_at_once() -> None:
    assert read('"(' * 50_000).readings == ()


def test_shared_and_not_understood_asks_for_a_theme_and_its_words_are_searched_for() -> None:
    understood = read("which reviews found information was shared but not understood?")
    assert understood.filter.themes == load_codebook().expand("not-analysed")
    assert [one.key for one in understood.readings] == ["theme:not-analysed"]
    assert "not understood" in understood.asked
    assert read("what was shared and understood").filter == PassageFilter()
    back = read("shared but never analysed", ignore=("theme:not-analysed",))
    assert back.filter == PassageFilter()


def test_a_theme_outside_those_a_query_keeps_to_is_not_read_into_it() -> None:
    understood = read("information shared but not understood")
    about = [QueryTheme("lost-in-translation", 1.0), QueryTheme("not-shared-between-agencies", 1.0)]
    kept = [one.value for one in with_themes(understood, about, load_codebook()).readings]
    assert kept == ["not-analysed", "lost-in-translation"]


def test_a_reform_is_named_and_nothing_is_left_out_for_it() -> None:
    understood = read("which recommendations on a unique identifier since Climbié?")
    (reform,) = [one for one in understood.readings if one.kind == "reform"]
    assert (reform.value, reform.effect) == ("reform-single-unique-identifier", Effect.NOTE)
    assert asked_for(understood.filter) == {"from_year": 2003}
    assert "unique identifier" in understood.asked


def test_every_theme_and_reform_that_words_lead_to_is_in_the_codebook() -> None:
    codebook, patterns = load_codebook(), query_patterns()
    assert {one.value for one in patterns.reforms} <= {one.reform_id for one in codebook.reforms}
    assert all(codebook.expand(one.value) for one in patterns.about)
