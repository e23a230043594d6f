"""Renew the measured part of docs/echoes.md: make evaluation."""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from echo_eval import load_shelf, measure, read_pairs
from markdown import set_block

from corpus.store import open_store
from nlp.embed import set_threads, shared_encoder

PAGE = Path(__file__).parents[2] / "docs" / "echoes.md"


def main() -> None:
    """Renew the page."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    set_threads(2)
    with tempfile.TemporaryDirectory() as folder:
        shelf = load_shelf(open_store(Path(folder)), shared_encoder().encode)
        text = measure(shelf, read_pairs())
        shelf.store.close()
    PAGE.write_text(set_block(PAGE.read_text(encoding="utf-8"), "echoes", text), encoding="utf-8")


if __name__ == "__main__":
    main()
