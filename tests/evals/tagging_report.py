"""Renew the measured parts of docs/evaluation.md: make evaluation.

What rests on the labelled passages beside the project is renewed where they are there, and
left as it was where they are not. Their texts are never written anywhere.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from tag_report import FIGURES, PAGE, renew

from nlp.embed import set_threads
from nlp.tagger import load_tagger


def main() -> None:
    """Renew the page."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    set_threads(2)
    for line in renew(PAGE, FIGURES, load_tagger()):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
