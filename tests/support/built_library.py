"""An invented library with its index in a folder, made once and used by several benchmarks."""

import sys
import time
from pathlib import Path

from invented_library import InventedLibrary

from corpus.analysed import iter_analysed, names_digest
from corpus.store import Store, open_store
from nlp.build_index import IndexStamp, build_index
from nlp.codebook import load_codebook
from nlp.embed import MODEL_SHA256, shared_encoder
from nlp.facet_columns import columns_writer
from nlp.grow_index import names_writer
from nlp.index import INDEX_FOLDER
from nlp.query_encoder import OnnxEncoder, export_query_encoder, exported_file
from nlp.theme_rows import write_theme_rows


def query_encoder_of(data_dir: Path) -> OnnxEncoder:
    """The encoder beside the library's index, written there where it lacks."""
    folder = data_dir / INDEX_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return OnnxEncoder(exported_file(folder) or export_query_encoder(folder, shared_encoder()))


def is_built(data_dir: Path, passages: int) -> bool:
    """Whether the folder holds the library of so many passages, whole."""
    return _mark(data_dir, passages).exists()


def prepare(data_dir: Path, passages: int, invented: InventedLibrary) -> Store:
    """Invent and index, unless the folder holds it."""
    if is_built(data_dir, passages):
        return open_store(data_dir)
    began = time.perf_counter()
    store = invented.fill(data_dir, passages)
    say(f"inventing {time.perf_counter() - began:.0f} s (not part of building)")
    began = time.perf_counter()
    stamp = IndexStamp(
        model_sha256=MODEL_SHA256,
        tagger_version="invented-1",
        codebook_version=load_codebook().version,
        names_sha256=names_digest(store),
    )
    build_index(
        data_dir,
        iter_analysed(store),
        stamp=stamp,
        encode=invented.encode,
        beside=[
            columns_writer(store),
            names_writer(store),
            write_theme_rows([invented.marks]),
        ],
    )
    say(f"building the index {time.perf_counter() - began:.0f} s, encoding not counted in")
    _mark(data_dir, passages).touch()
    return store


def say(line: str) -> None:
    """Print one line of the report."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _mark(data_dir: Path, passages: int) -> Path:
    return data_dir / f"built-{passages}"
