"""Search: what was typed, in; passages with the reasons they were found, out."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from corpus.errors import InvalidInputError, ModelError, StaleIndexError
from corpus.passage_groups import review_keys
from corpus.store import Store
from nlp.answers import Hit, SearchAnswer, SearchQuery
from nlp.arrange import ARRANGED, Arranged, fold_copies, spread_reviews
from nlp.codebook import Codebook, load_codebook
from nlp.current_index import CurrentIndex, IdsOfRows, Served
from nlp.embed import MODEL_SHA256, Encoder, LazyEncoder, QuickEncoder, Vectors
from nlp.found import Found, Rows
from nlp.index import INDEX_FOLDER, SearchIndex
from nlp.nearest_sentence import SentenceVectors
from nlp.nearness_cut import is_nothing_good
from nlp.query_themes import (
    QueryAbout,
    ThemePhrases,
    load_theme_phrases,
    read_about,
    token_logits_of,
)
from nlp.rank import Candidate, Ranking, Usual, Wanted, narrow_rows, rank
from nlp.theme_rows import ThemeRows, open_theme_rows
from nlp.tokens import encodable
from nlp.understand import merge_filters, understand, with_themes
from nlp.understand_names import KnownNames
from nlp.understood import ReadingKind, Understood
from nlp.word_query import WordQuery, matched_spans, says_something

__all__ = ["Hit", "SearchAnswer", "SearchQuery", "Searcher"]

MAX_ENCODED_CHARS = 4_000
"""What the encoder is given of a query; it reads 256 word pieces of it."""


@dataclass(frozen=True, eq=False)
class _Parts:
    """What is read once of an index, beside the index itself."""

    name: str
    themes: ThemeRows | None
    usual: Usual


class Searcher:
    """Answers queries from the current index; may be shared by threads.

    Before each answer it makes sure that the index is the one that ``CURRENT`` names, and
    compares its passages with those analysed in the store. What the store no longer holds
    is never served; what the index does not hold yet is counted in the answer.
    """

    def __init__(
        self,
        store: Store,
        data_dir: Path,
        encoder: LazyEncoder,
        *,
        codebook: Callable[[], Codebook] = load_codebook,
    ) -> None:
        """Open nothing yet; encoder and codebook are loaded by the first query with text."""
        self._store = store
        self._data_dir = data_dir
        self._lazy_encoder = encoder
        self._current = CurrentIndex(store, data_dir)
        self._encoder: Encoder | None = None
        self._encoder_failed = False
        # Tokenizers refuse to be shared while they work: "Already borrowed".
        self._encoding = threading.Lock()
        self._sentences = SentenceVectors(self._encode_sentences)
        self._codebook = codebook
        self._phrases: ThemePhrases | None = None
        self._known_names: tuple[int, KnownNames] | None = None
        self._parts: _Parts | None = None

    def search(self, query: SearchQuery) -> SearchAnswer:
        """Answer a query; any text is safe, and equal scores fall by passage id.

        Filters are exact: they decide which passages may be ranked, before ranking. A
        filter that was read from the text and lets nothing through is set aside and named
        in the answer; one that was chosen never is.

        Raises:
            StaleIndexError: there is no index, or it was made by another encoder.
            InvalidInputError: ``limit``, ``offset`` or ``per_review`` is negative.
        """
        if query.limit < 0 or query.offset < 0 or (query.per_review or 0) < 0:
            raise InvalidInputError("A search's limit, offset and cap must not be negative.")
        served = self._current.get()
        understood = self._understand(query)
        both = merge_filters(query.filter, understood.filter)
        released: tuple[str, ...] = ()
        if both != query.filter and not self._current.mask(served, both).any():
            released = understood.filter_keys()
            both = query.filter
            asked_again = self._understand(replace(query, ignore=(*query.ignore, *released)))
            # Still shown as they were read, beside the word that they were set aside.
            understood = replace(asked_again, readings=understood.readings)
        answer = self._answer(served, replace(query, filter=both), understood)
        return replace(
            answer,
            waiting=served.drift.waiting,
            released=(*released, *answer.released),
            filter=both,
        )

    def _answer(self, served: Served, query: SearchQuery, understood: Understood) -> SearchAnswer:
        if understood.asked:
            return self._find(served, query, understood)
        return replace(self._list(served, query, understood), understood=understood)

    def _understand(self, query: SearchQuery) -> Understood:
        return understand(
            query.text,
            codebook=self._codebook(),
            names=self._names(),
            ignore=query.ignore,
            plain=query.plain or query.paragraph,
            beside=query.filter,
        )

    def _names(self) -> KnownNames:
        revision = self._store.revision
        if self._known_names is None or self._known_names[0] != revision:
            self._known_names = (revision, KnownNames.of(self._store.iter_reviews()))
        return self._known_names[1]

    def vectors_of(self, passage_ids: Sequence[str]) -> Mapping[str, Vectors]:
        """The vectors of those passages that are indexed, each of shape (DIMENSION,).

        Raises:
            StaleIndexError: there is no index.
        """
        return self._current.get().index.vectors_of(passage_ids)

    def _found(
        self,
        served: Served,
        query: SearchQuery,
        rows: Rows,
        understood: Understood,
        about: QueryAbout,
    ) -> Found:
        return Found(
            rows=rows,
            filter=query.filter,
            understood=understood,
            themes=about.themes,
            index=served.index,
            mask=lambda wanted: self._current.mask(served, wanted),
            columns=served.columns,
        )

    def _list(self, served: Served, query: SearchQuery, understood: Understood) -> SearchAnswer:
        held = self._current.in_date_order(served, query.filter)
        exact = Wanted(without=understood.without, title=understood.title)
        allowed = self._current.rows(served, query.filter)
        allowed, _, released = narrow_rows(served.index, exact, allowed)
        if allowed is not None:
            held = IdsOfRows(served.index, held.rows[allowed[held.rows]])
        if query.choose is not None:
            found = self._found(served, query, held.rows, understood, QueryAbout())
            held = IdsOfRows(served.index, query.choose(found))
        shown = held[query.offset : query.offset + query.limit]
        hits = tuple(Hit(passage_id=passage_id, score=0.0) for passage_id in shown)
        return SearchAnswer(
            total=len(held),
            hits=hits,
            index_name=served.index.name,
            meaning=True,
            released=understood.keys_of(released),
        )

    def _find(self, served: Served, query: SearchQuery, understood: Understood) -> SearchAnswer:
        index = served.index
        parts = self._parts_of(index)
        vector = self._query_vector(index, understood.asked)
        about = self._about(vector, query, understood.asked)
        wanted = Wanted(
            words=understood.words,
            vector=vector,
            about=about,
            stances=understood.stances,
            without=understood.without,
            title=understood.title,
        )
        ranking = rank(
            index,
            wanted,
            allowed=self._current.rows(served, query.filter),
            themes=parts.themes,
            usual=parts.usual,
        )
        arranged = self._fold(index, query, ranking.candidates)
        if query.choose is not None:
            by_row = {one.candidate.row: one for one in arranged}
            rows = np.array(list(by_row), dtype=np.int64)
            chosen = query.choose(self._found(served, query, rows, understood, about))
            arranged = [by_row[row] for row in chosen.tolist()]
        arranged = self._spread(index, query, arranged)
        shown = arranged[query.offset : query.offset + query.limit]
        return SearchAnswer(
            total=len(arranged),
            hits=self._hits(index, shown, understood.words, vector if query.sentences else None),
            index_name=index.name,
            meaning=vector is not None or not understood.asked,
            loosened=ranking.loosened,
            themes=about.themes,
            understood=with_themes(understood, about.themes, self._codebook()),
            released=understood.keys_of(ranking.released),
            nothing_good=is_nothing_good(ranking, about, meaning=vector is not None)
            or _asks_for_nobody_held(understood, ranking),
            found=tuple(index.ids_of([one.candidate.row for one in arranged])),
        )

    def _fold(
        self, index: SearchIndex, query: SearchQuery, candidates: Sequence[Candidate]
    ) -> Sequence[Arranged]:
        arranged = [Arranged(one) for one in candidates]
        if not query.fold:
            return arranged
        vectors = index.vectors.rows(np.array([c.row for c in candidates[:ARRANGED]], np.int64))
        return fold_copies(arranged, self._keys(index, arranged), vectors)[0]

    def _spread(
        self, index: SearchIndex, query: SearchQuery, arranged: Sequence[Arranged]
    ) -> Sequence[Arranged]:
        if not query.per_review:
            return arranged
        return spread_reviews(arranged, self._keys(index, arranged), most=query.per_review)

    def _keys(self, index: SearchIndex, arranged: Sequence[Arranged]) -> list[str]:
        """What the first hits are arranged by: the review of each, or its document."""
        first = [index.id_of(one.candidate.row) for one in arranged[:ARRANGED]]
        reviews = review_keys(self._store, first)
        return [reviews.get(one, one) for one in first]

    def _about(self, vector: Vectors | None, query: SearchQuery, text: str) -> QueryAbout:
        if vector is None or query.plain or not says_something(text):
            return QueryAbout()
        ignored = {
            key.removeprefix(f"{ReadingKind.THEME}:")
            for key in query.ignore
            if key.startswith(f"{ReadingKind.THEME}:")
        }
        nearness = self._theme_phrases().nearness(vector)
        encoder = self._loaded_encoder()
        # The tuned weights are changes to these; another encoder has none.
        tagged = encoder is not None and encoder.model_sha256 == MODEL_SHA256
        folder = self._data_dir / INDEX_FOLDER
        logits = token_logits_of(encodable(text[:MAX_ENCODED_CHARS]), folder) if tagged else {}
        known = {theme: score for theme, score in logits.items() if theme in nearness}
        return read_about(nearness, known).without(ignored)

    def _parts_of(self, index: SearchIndex) -> "_Parts":
        held = self._parts
        if held is None or held.name != index.name:
            folder = self._data_dir / INDEX_FOLDER / index.name
            held = _Parts(index.name, open_theme_rows(folder, len(index)), Usual.of(index))
            self._parts = held
        return held

    def _hits(
        self,
        index: SearchIndex,
        shown: Sequence[Arranged],
        words: WordQuery,
        vector: Vectors | None,
    ) -> tuple[Hit, ...]:
        ids = [index.id_of(one.candidate.row) for one in shown]
        texts = {passage.passage_id: passage.text for passage in self._store.get_passages(ids)}
        found = zip(ids, shown, strict=True)
        held = [(one, placed) for one, placed in found if one in texts]
        nearest = (
            self._sentences.nearest(vector, [(one, texts[one]) for one, _ in held])
            if vector is not None
            else [None] * len(held)
        )
        return tuple(
            Hit(
                passage_id=passage_id,
                score=placed.candidate.score,
                words=matched_spans(words, texts[passage_id]),
                words_rank=placed.candidate.words_rank,
                meaning_rank=placed.candidate.meaning_rank,
                name_rank=placed.candidate.name_rank,
                theme_rank=placed.candidate.theme_rank,
                nearest_sentence=sentence,
                copies=tuple(index.id_of(row) for row in placed.copies),
            )
            for (passage_id, placed), sentence in zip(held, nearest, strict=True)
        )

    def _theme_phrases(self) -> ThemePhrases:
        if self._phrases is None:
            encoder = self._loaded_encoder()
            self._phrases = load_theme_phrases(
                self._data_dir / INDEX_FOLDER,
                self._codebook(),
                model_sha256=encoder.model_sha256 if encoder else "",
                encode=self._encode,
            )
        return self._phrases

    def _query_vector(self, index: SearchIndex, text: str) -> Vectors | None:
        encoder = self._loaded_encoder()
        if encoder is None or not text:
            return None
        if encoder.model_sha256 != index.manifest.model_sha256:
            raise StaleIndexError(
                "The search index was made by another encoder. Rebuild it with: throughline analyse"
            )
        vector: Vectors = self._encode([encodable(text[:MAX_ENCODED_CHARS])])[0]
        return vector

    def _loaded_encoder(self) -> Encoder | None:
        with self._encoding:
            if self._encoder is None and not self._encoder_failed:
                try:
                    self._encoder = self._lazy_encoder()
                except ModelError:
                    # Words still answer; trying again at every query would cost seconds.
                    self._encoder_failed = True
            return self._encoder

    def _encode(self, texts: Sequence[str]) -> Vectors:
        encoder = self._loaded_encoder()
        if encoder is None:
            raise ModelError("The encoder could not be loaded, so nothing can be encoded.")
        with self._encoding:
            return encoder.encode(texts)

    def _encode_sentences(self, texts: Sequence[str]) -> Vectors:
        encoder = self._loaded_encoder()
        if isinstance(encoder, QuickEncoder):
            # To encode a page's sentences in full takes longer than the whole search.
            return encoder.encode_roughly(texts)
        return self._encode(texts)


def _asks_for_nobody_held(understood: Understood, ranking: Ranking) -> bool:
    """Whether a query is a pseudonym alone, by which nothing is called: the rest is chance."""
    return (
        understood.names_nobody_held
        and not says_something(understood.asked)
        and not any(one.name_rank for one in ranking.candidates)
    )
