"""How fast passages are tagged end to end, beside the bare encoder on the same passages.

Run it by hand: ``python tests/benchmarks/tagging.py [--passages 256] [--rounds 5]``. End to
end is what ``throughline analyse`` asks of the tagger: codes, evidence and the vector for the
index. The passages are invented training rows of 66 to 80 tokens, then such rows put one
after the other into passages of about 400 tokens: the tagger reads these in windows, to the
end, the bare encoder only their first 256 tokens. The two take turns batch by batch, since a
machine's speed drifts, and the medians of whole rounds are compared.
"""

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

from corpus.model import Kind
from nlp.embed import MiniLmEncoder, set_threads, shared_encoder
from nlp.tagger import Tagger, load_tagger
from nlp.training_rows import load_training_rows

SHORTEST, LONGEST = 66, 80
ROWS_A_LONG_PASSAGE = 6
BATCH = 64


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()
    set_threads(asked.threads)
    encoder, tagger = shared_encoder(), load_tagger()
    texts = middling_rows(encoder, asked.passages)
    long = [
        " ".join(texts[start : start + ROWS_A_LONG_PASSAGE])
        for start in range(0, len(texts), ROWS_A_LONG_PASSAGE)
    ]
    say(f"{asked.threads} threads, {asked.rounds} rounds, medians")
    compare("72 tokens", texts, encoder, tagger, rounds=asked.rounds)
    compare("long", long, encoder, tagger, rounds=asked.rounds)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"peak memory {peak:.0f} MB")


def middling_rows(encoder: MiniLmEncoder, count: int) -> list[str]:
    """The first training rows that are between ``SHORTEST`` and ``LONGEST`` tokens."""
    tokenizer = encoder.sentence_transformer.tokenizer
    found: list[str] = []
    for row in load_training_rows():
        if SHORTEST <= len(tokenizer(row.text, verbose=False)["input_ids"]) <= LONGEST:
            found.append(row.text)
            if len(found) == count:
                break
    return found


def compare(
    name: str, texts: Sequence[str], encoder: MiniLmEncoder, tagger: Tagger, *, rounds: int
) -> None:
    """Let tagger and bare encoder take turns, and print their medians and the ratio."""
    encoder.encode(texts[:BATCH])
    tag_batch(tagger, texts[:BATCH])
    both = [one_round(texts, encoder, tagger) for _ in range(rounds)]
    ours, bare = zip(*both, strict=True)
    speed, bare_speed = (len(texts) / statistics.median(each) for each in (ours, bare))
    tokens = [
        len(encoder.sentence_transformer.tokenizer(text, verbose=False)["input_ids"])
        for text in texts
    ]
    say(
        f"{name:10} {len(texts)} passages, {statistics.mean(tokens):.0f} tokens: "
        f"tagged {speed:.1f} a second, bare encoder {bare_speed:.1f}, "
        f"ratio {speed / bare_speed:.2f}"
    )


def one_round(texts: Sequence[str], encoder: MiniLmEncoder, tagger: Tagger) -> tuple[float, float]:
    """Seconds that the tagger and the bare encoder take for all texts, in turns."""
    ours = bare = 0.0
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        ours += timed(partial(tag_batch, tagger, batch))
        bare += timed(partial(encoder.encode, batch))
    return ours, bare


def tag_batch(tagger: Tagger, batch: Sequence[str]) -> None:
    """Tag a batch of the size that ``analyse`` uses."""
    tagger.tag(batch, [Kind.REVIEW] * len(batch))


def timed(call: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def say(line: str) -> None:
    """Print one line of the report."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
