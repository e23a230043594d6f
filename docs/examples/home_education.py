"""Every passage on home education, with the offsets of what its tags rest on.

    python docs/examples/home_education.py http://127.0.0.1:8000 > home-education.csv

One line a finding. ``evidence`` holds half-open offsets into the passage's whole text, and
``start_char`` and ``end_char`` say where the passage stands in its document, whose text's
SHA-256 is given, so that each line can be found again. Texts are cut to what their licence
allows: then ``text_cut`` is true and the rest is at ``source_url``.
"""

import csv
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import throughline as tl

THEME = "home-education-invisibility"

OF_PASSAGE = (
    "passage_id",
    "document_id",
    "review_id",
    "date",
    "kind",
    "start_char",
    "end_char",
    "document_text_sha256",
    "licence_tier",
    "text_cut",
    "text",
    "source_url",
)


def findings_on_home_education(client: tl.Client) -> Iterator[dict[str, Any]]:
    """One record a finding, in the order of the documents' dates."""
    for passage in client.passages(theme=THEME):
        for finding in passage["findings"]:
            if finding["theme"] != THEME:
                continue
            spans = [(span["start"], span["end"]) for span in finding["evidence"]]
            yield {
                **{key: passage[key] for key in OF_PASSAGE},
                "stance": finding["stance"],
                "level": finding["level"],
                "attribution": finding["attribution"],
                "by": finding["by"],
                "evidence": " ".join(f"{start}-{end}" for start, end in spans),
                "words": " … ".join(_quotable(passage["text"], spans)),
            }


def _quotable(text: str, spans: Iterable[tuple[int, int]]) -> list[str]:
    # A span beyond what the licence lets us show cannot be quoted.
    return [text[start:end] for start, end in spans if end <= len(text)]


def main() -> None:
    """Write the findings as CSV; how to cite them goes to standard error."""
    with tl.Client(sys.argv[1]) as client:
        records = list(findings_on_home_education(client))
        if records:
            writer = csv.DictWriter(sys.stdout, fieldnames=list(records[0]))
            writer.writeheader()
            writer.writerows(records)
        cite = client.status().meta["how_to_cite"]
        print(f"{len(records)} findings. {cite}", file=sys.stderr)


if __name__ == "__main__":
    main()
