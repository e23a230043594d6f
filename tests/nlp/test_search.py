"""What a reader gets for what was typed: findings, exact filters, and why."""

import threading
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from analysed_stores import analyse_store, fill_store, small_codebook
from fakes import FakeEncoder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keyword_tagger import KeywordTagger
from samples import make_document, make_finding, make_review

from corpus.dates import PartialDate
from corpus.errors import InvalidInputError, ModelError, StaleIndexError
from corpus.filters import PassageFilter, select_passage_ids
from corpus.model import Kind
from corpus.store import Store, open_store
from nlp.embed import Encoder, Vectors, shared_encoder
from nlp.rank import CANDIDATES
from nlp.search import SearchAnswer, Searcher, SearchQuery

TEXTS = [
    "Staff would not pass it on. They thought that the parents had to consent. It rained.",
    "The nursery had not rung the previous school about the bruises.",
    "Nobody asked the father, although consent was never refused.",
    "Fear of data protection kept the clinic from writing to the school.",
    "The weather was fine.",
]


def searcher(store: Store, data_dir: Path) -> Searcher:
    return Searcher(store, data_dir, FakeEncoder, codebook=small_codebook)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Path]:
    data_dir = tmp_path_factory.mktemp("shelf")
    store, _ = fill_store(data_dir, TEXTS)
    analyse_store(store, data_dir)
    return store, data_dir


def found_texts(store: Store, data_dir: Path, **query: object) -> list[str]:
    answer = searcher(store, data_dir).search(SearchQuery(**query))  # type: ignore[arg-type]
    return [passage.text for passage in store.get_passages([h.passage_id for h in answer.hits])]


def test_a_hit_says_where_and_why_it_was_found(shelf: tuple[Store, Path]) -> None:
    store, data_dir = shelf
    answer = searcher(store, data_dir).search(SearchQuery(text="thought the parents consented"))
    first = answer.hits[0]
    text = store.get_passage(first.passage_id).text
    assert text == TEXTS[0]
    assert [text[s.start : s.end] for s in first.words] == ["thought", "parents", "consent"]
    assert first.words_rank == 1
    assert first.meaning_rank is not None
    assert first.nearest_sentence is not None
    sentence = text[first.nearest_sentence.start : first.nearest_sentence.end]
    assert sentence == "They thought that the parents had to consent."
    assert answer.meaning
    assert not answer.loosened


def test_a_passage_of_one_sentence_has_no_nearest_one(shelf: tuple[Store, Path]) -> None:
    answer = searcher(*shelf).search(SearchQuery(text="weather fine"))
    assert answer.hits[0].nearest_sentence is None


def test_scores_fall_and_ties_go_by_passage_id(shelf: tuple[Store, Path]) -> None:
    hits = searcher(*shelf).search(SearchQuery(text="zzz")).hits
    keys = [(-hit.score, hit.passage_id) for hit in hits]
    assert keys == sorted(keys)
    assert all(one.words_rank is None for one in hits)


def test_pages_join_up_to_the_whole_answer(shelf: tuple[Store, Path]) -> None:
    search = searcher(*shelf).search
    whole = search(SearchQuery(text="consent school", limit=100))
    pages = [search(SearchQuery(text="consent school", limit=2, offset=at)) for at in (0, 2, 4, 6)]
    assert [hit for page in pages for hit in page.hits] == list(whole.hits)
    assert {page.total for page in pages} == {whole.total} == {len(whole.hits)}


def test_a_quoted_phrase_narrows_meaning_too(shelf: tuple[Store, Path]) -> None:
    store, data_dir = shelf
    assert found_texts(store, data_dir, text='"previous school" consent') == [TEXTS[1]]


def test_a_phrase_that_stands_nowhere_is_loosened_and_said_so(shelf: tuple[Store, Path]) -> None:
    answer = searcher(*shelf).search(SearchQuery(text='"school previous"'))
    assert answer.loosened
    assert answer.hits[0].words_rank == 1


@pytest.mark.parametrize("text", ['"', "((((", "*", "AND", "\x00", "\ud800", "😀", "a" * 100_000])
def test_hostile_text_is_answered(shelf: tuple[Store, Path], text: str) -> None:
    answer = searcher(*shelf).search(SearchQuery(text=text))
    assert answer.total == len(TEXTS)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(alphabet=st.characters(), max_size=80))
def test_any_text_is_answered(shelf: tuple[Store, Path], text: str) -> None:
    answer = searcher(*shelf).search(SearchQuery(text=text, limit=3))
    assert answer.total == len(TEXTS)
    for hit in answer.hits:
        assert all(one.end <= other.start for one, other in pairwise(hit.words))


def test_blank_text_lists_the_filter_in_date_order(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    for year in ("2015", None, "1999", "2008"):
        document, passages = make_document(
            [f"Said in {year}.", "And more."],
            identity=f"file:{year}",
            published=PartialDate.parse_optional(year),
        )
        store.add_document(document, passages)
    analyse_store(store, tmp_path)
    wanted = PassageFilter(to_year=2010)
    answer = searcher(store, tmp_path).search(SearchQuery(text=" \n", filter=wanted, limit=3))
    assert [hit.passage_id for hit in answer.hits] == select_passage_ids(store, wanted)[:3]
    assert answer.total == 4
    assert {hit.score for hit in answer.hits} == {0.0}


def test_filters_are_exact(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    chance = np.random.default_rng(5)
    words = [f"word{number}" for number in range(40)]
    for number, kind in enumerate((Kind.REVIEW, Kind.NEWS, Kind.GUIDANCE)):
        texts = [" ".join(chance.choice(words, size=9)) + f" {number}-{n}" for n in range(60)]
        document, passages = make_document(texts, identity=f"file:{kind}", kind=kind)
        store.add_document(document, passages)
    analyse_store(store, tmp_path)
    search = searcher(store, tmp_path).search
    whole = search(SearchQuery(text="word1 word2", limit=1000))
    assert whole.total == 180 <= CANDIDATES
    for kinds in ((Kind.NEWS,), (Kind.REVIEW, Kind.GUIDANCE), (Kind.ACADEMIC,)):
        wanted = PassageFilter(kinds=kinds)
        allowed = set(select_passage_ids(store, wanted))
        answer = search(SearchQuery(text="word1 word2", filter=wanted, limit=1000))
        for side in ("words_rank", "meaning_rank"):
            expected = [h for h in whole.hits if h.passage_id in allowed and getattr(h, side)]
            expected.sort(key=lambda hit: getattr(hit, side))
            got = sorted(
                (h for h in answer.hits if getattr(h, side)), key=lambda h: getattr(h, side)
            )
            assert [h.passage_id for h in got] == [h.passage_id for h in expected]
        assert answer.total == len({h.passage_id for h in whole.hits} & allowed)


def test_theme_filters_follow_findings(shelf: tuple[Store, Path]) -> None:
    store, data_dir = shelf
    wanted = PassageFilter(themes=("consent-treated-as-required",))
    texts = found_texts(store, data_dir, text="school", filter=wanted)
    assert sorted(texts) == sorted([TEXTS[0], TEXTS[2]])


def test_without_the_encoder_words_answer_and_say_so(shelf: tuple[Store, Path]) -> None:
    tries = []

    def no_encoder() -> Encoder:
        tries.append(1)
        raise ModelError("No weights.")

    search = Searcher(*shelf, no_encoder).search
    for _ in range(2):
        answer = search(SearchQuery(text="bruises"))
        assert not answer.meaning
        assert answer.total == 1
        assert answer.hits[0].meaning_rank is None
        assert answer.hits[0].nearest_sentence is None
    assert len(tries) == 1


def test_an_index_of_another_encoder_is_not_served(shelf: tuple[Store, Path]) -> None:
    class OtherEncoder(FakeEncoder):
        model_sha256 = "1" * 64

    with pytest.raises(StaleIndexError, match="another encoder"):
        Searcher(*shelf, OtherEncoder).search(SearchQuery(text="bruises"))


def test_an_index_that_lags_behind_the_store_says_what_is_missing(tmp_path: Path) -> None:
    store, _ = fill_store(tmp_path, TEXTS)
    search = searcher(store, tmp_path).search
    with pytest.raises(StaleIndexError, match="no search index"):
        search(SearchQuery(text="bruises"))
    analyse_store(store, tmp_path)
    assert search(SearchQuery(text="bruises")).hits
    newer, (new_passage,) = make_document(["The clinic rang."], identity="file:new")
    store.add_document(newer, [new_passage])
    assert search(SearchQuery(text="bruises")).waiting == 0, "what is not analysed is not missed"
    store.put_findings({new_passage.passage_id: []}, tagger_version="keyword-1")
    for text in ("clinic rang", ""):
        answer = search(SearchQuery(text=text))
        assert answer.waiting == 1
        assert new_passage.passage_id not in [hit.passage_id for hit in answer.hits]
    analyse_store(store, tmp_path)
    answer = search(SearchQuery(text="clinic rang"))
    assert (answer.hits[0].passage_id, answer.waiting) == (new_passage.passage_id, 0)


def test_a_superseded_version_is_never_found(tmp_path: Path) -> None:
    store, old = fill_store(tmp_path, TEXTS)
    analyse_store(store, tmp_path)
    search = searcher(store, tmp_path).search
    assert search(SearchQuery(text="bruises")).total == len(TEXTS)
    document, passages = make_document(["Only the weather is left."])
    assert store.add_document(document, passages) == "new-version"
    for text in ("bruises", f'"{old[0].text}"', ""):
        assert search(SearchQuery(text=text)).hits == (), text
    analyse_store(store, tmp_path)
    answer = search(SearchQuery(text="bruises"))
    assert [hit.passage_id for hit in answer.hits] == [passages[0].passage_id]


def test_a_reader_moves_to_the_new_index_by_itself(tmp_path: Path) -> None:
    store, passages = fill_store(tmp_path, TEXTS)
    analyse_store(store, tmp_path)
    search = searcher(store, tmp_path).search
    first = search(SearchQuery(text="bruises")).index_name
    analyse_store(store, tmp_path, everything=True)
    assert search(SearchQuery(text="bruises")).index_name != first
    store.put_findings({passages[0].passage_id: []}, tagger_version="keyword-1")
    assert search(SearchQuery(text="bruises")).hits, "a write elsewhere is no drift"


def test_a_finding_written_later_is_filtered_on_at_once(tmp_path: Path) -> None:
    store, passages = fill_store(tmp_path, TEXTS)
    analyse_store(store, tmp_path)
    search = searcher(store, tmp_path).search
    query = SearchQuery(
        text="weather", filter=PassageFilter(themes=("not-shared-between-agencies",))
    )
    assert search(query).total == 0
    found = {passages[4].passage_id: [make_finding(passages[4])]}
    store.put_findings(found, tagger_version="keyword-1")
    assert [hit.passage_id for hit in search(query).hits] == [passages[4].passage_id]


def test_a_case_is_found_by_its_other_name(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    review = make_review("blue-house", case_names=("Ann Example",), aliases=("Baby Z",))
    store.add_review(review)
    about, passages = make_document(
        ["The clinic rang nobody."], identity="file:a", review_id=review.review_id
    )
    store.add_document(about, passages)
    other, more = make_document(["A baby was weighed.", "The z value."], identity="file:b")
    store.add_document(other, more)
    analyse_store(store, tmp_path)
    first = searcher(store, tmp_path).search(SearchQuery(text="Baby Z")).hits[0]
    assert (first.passage_id, first.name_rank) == (passages[0].passage_id, 1)


def test_findings_on_what_the_query_is_about_are_preferred(shelf: tuple[Store, Path]) -> None:
    store, data_dir = shelf
    answer = searcher(store, data_dir).search(SearchQuery(text="without consent"))
    theme = answer.themes[0]
    assert 0 < theme.strength <= 1
    tagged = set(select_passage_ids(store, PassageFilter(themes=(theme.theme_id,))))
    assert {hit.passage_id for hit in answer.hits if hit.theme_rank} >= tagged


def test_a_query_about_no_theme_prefers_none(shelf: tuple[Store, Path]) -> None:
    answer = searcher(*shelf).search(SearchQuery(text="zzz"))
    assert answer.themes == ()
    assert all(hit.theme_rank is None for hit in answer.hits)


def test_negative_pages_are_refused(shelf: tuple[Store, Path]) -> None:
    for query in (SearchQuery(limit=-1), SearchQuery(offset=-1)):
        with pytest.raises(InvalidInputError, match="negative"):
            searcher(*shelf).search(query)


def test_threads_share_one_searcher(shelf: tuple[Store, Path]) -> None:
    shared = searcher(*shelf)
    expected = shared.search(SearchQuery(text="consent school"))
    answers: list[SearchAnswer] = []

    def ask() -> None:
        answers.extend(shared.search(SearchQuery(text="consent school")) for _ in range(5))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 20


def test_sentences_are_encoded_once_for_the_hits_shown(shelf: tuple[Store, Path]) -> None:
    asked: list[int] = []

    class CountingEncoder(FakeEncoder):
        def encode(self, texts: Sequence[str]) -> Vectors:
            asked.append(len(texts))
            return super().encode(texts)

    search = Searcher(*shelf, CountingEncoder, codebook=small_codebook).search
    for _ in range(2):
        search(SearchQuery(text="thought the parents consented", limit=1))
    search(SearchQuery(text="thought the parents consented", sentences=False))
    assert asked == [1, 3, 1, 1]


@pytest.mark.model
def test_what_is_meant_is_found_in_other_words(tmp_path: Path) -> None:
    store, _ = fill_store(tmp_path, TEXTS)

    class RealVectors(KeywordTagger):
        def __init__(self) -> None:
            super().__init__()
            self._encoder = shared_encoder()  # type: ignore[assignment]  # any encoder will do

    from nlp.analyse import analyse

    analyse(store, tmp_path, tagger=RealVectors(), codebook=small_codebook())
    answer = Searcher(store, tmp_path, shared_encoder, codebook=small_codebook).search(
        SearchQuery(text="worried that privacy law forbids telling teachers")
    )
    (nearest,) = (hit for hit in answer.hits if hit.meaning_rank == 1)
    assert store.get_passage(nearest.passage_id).text == TEXTS[3]


def test_a_filter_read_from_the_text_that_lets_nothing_through_is_set_aside(
    shelf: tuple[Store, Path],
) -> None:
    search = searcher(*shelf).search
    answer = search(SearchQuery(text="consent after 2090"))
    assert answer.released == ("years:2091-",)
    assert [one.key for one in answer.understood.readings][:1] == ["years:2091-"]
    assert answer.hits, "never a silent zero"
    assert answer.filter == PassageFilter()
    chosen = search(SearchQuery(text="consent", filter=PassageFilter(from_year=2091)))
    assert (chosen.hits, chosen.released) == ((), ()), "what was chosen is never set aside"


def test_a_reading_taken_back_is_searched_for_as_words(shelf: tuple[Store, Path]) -> None:
    search = searcher(*shelf).search
    without = search(SearchQuery(text="school -bruises", limit=100))
    texts = [TEXTS[at] for at in range(len(TEXTS)) if "bruises" not in TEXTS[at]]
    assert set(passages_of(shelf[0], without)) <= set(texts)
    back = search(SearchQuery(text="school -bruises", ignore=("without:bruises",), limit=100))
    assert TEXTS[1] in passages_of(shelf[0], back)
    assert search(SearchQuery(text="school -bruises", plain=True)).understood.readings == ()


def test_excluding_everything_is_set_aside(shelf: tuple[Store, Path]) -> None:
    answer = searcher(*shelf).search(SearchQuery(text='"the weather was fine" -weather'))
    assert answer.released == ("without:weather",)
    assert passages_of(shelf[0], answer) == [TEXTS[4]]


@pytest.mark.parametrize(
    ("text", "kept"),
    [("-school", [0, 2, 4]), ("title:zzz", [0, 1, 2, 3, 4]), ("((((", [0, 1, 2, 3, 4])],
)
def test_what_asks_for_no_word_still_finds_what_it_lets_through(
    shelf: tuple[Store, Path], text: str, kept: Sequence[int]
) -> None:
    answer = searcher(*shelf).search(SearchQuery(text=text))
    assert sorted(passages_of(shelf[0], answer)) == sorted(TEXTS[at] for at in kept)
    assert answer.themes == ()


def test_a_pseudonym_finds_every_review_that_uses_it_and_no_theme(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    for name in ("Elm", "Oak"):
        review = make_review(name.lower(), title=f"Serious case review: Child A ({name})")
        store.add_review(review)
        texts = [f"The {name} clinic rang nobody.", "Nobody heard the child's own account."]
        store.add_document(
            *make_document(texts, identity=f"file:{name}", review_id=review.review_id)
        )
    store.add_document(*make_document(["The child gave an account."] * 3, identity="file:other"))
    analyse_store(store, tmp_path)
    answer = searcher(store, tmp_path).search(SearchQuery(text="Child A"))
    assert [hit.name_rank is not None for hit in answer.hits[:4]] == [True] * 4
    assert all(hit.name_rank is None for hit in answer.hits[4:])
    assert answer.themes == ()
    assert not answer.nothing_good
    nobody = searcher(store, tmp_path).search(SearchQuery(text="Child B"))
    assert nobody.nothing_good
    assert all(hit.name_rank is None for hit in nobody.hits)


def test_the_shown_part_and_the_whole_agree(shelf: tuple[Store, Path]) -> None:
    search = searcher(*shelf).search
    whole = search(SearchQuery(text="consent school", limit=100, fold=True, per_review=1))
    assert tuple(hit.passage_id for hit in whole.hits) == whole.found
    assert whole.total == len(whole.found)
    part = search(SearchQuery(text="consent school", limit=2, offset=1, fold=True, per_review=1))
    assert part.hits == whole.hits[1:3]
    assert part.found == whole.found


def test_the_same_text_twice_is_one_hit_that_names_the_other(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    for identity in ("file:a", "file:b"):
        store.add_document(*make_document(["The clinic rang nobody about it."], identity=identity))
    store.add_document(*make_document(["Nobody rang the school."], identity="file:c"))
    analyse_store(store, tmp_path)
    search = searcher(store, tmp_path).search
    apart = search(SearchQuery(text="clinic rang nobody"))
    folded = search(SearchQuery(text="clinic rang nobody", fold=True))
    assert (apart.total, folded.total) == (3, 2)
    assert folded.hits[0].copies == (apart.hits[1].passage_id,)


def passages_of(store: Store, answer: SearchAnswer) -> list[str]:
    ids = [hit.passage_id for hit in answer.hits]
    return [passage.text for passage in store.get_passages(ids)]
