"""Tags passages with a copy of the package, at several cuts: run by ``package_copy``.

``python tag_worker.py FOLDER`` reads ``{"texts", "kinds", "cuts": [[possible, confident]]}``
and prints, for each of the cuts, every passage's codes.
"""

import json
import re
import sys
from pathlib import Path

FOLDER = Path(sys.argv[1])
sys.path.insert(0, str(FOLDER))


def main() -> None:
    """Answer one request."""
    from tag_sets import tag_texts

    from corpus.model import Kind
    from nlp.embed import set_threads
    from nlp.tag_settings import load_cuts
    from nlp.tagger import load_tagger

    asked = json.load(sys.stdin)
    set_threads(2)
    kinds = [Kind(kind) for kind in asked["kinds"]]
    tagger = load_tagger()
    answers = []
    for possible, confident in asked["cuts"]:
        _write_cuts(FOLDER / "nlp" / "data" / "tagging.toml", possible, confident)
        load_cuts.cache_clear()
        tagged = tag_texts(tagger, asked["texts"], kinds)
        answers.append(
            [
                [vars(one.code) | _rest(one.score, one.confident) for one in codes]
                for codes in tagged
            ]
        )
    json.dump(answers, sys.stdout)


def _rest(score: float, confident: bool) -> dict[str, float | bool]:
    return {"score": score, "confident": confident}


def _write_cuts(path: Path, possible: float, confident: float) -> None:
    text = path.read_text(encoding="utf-8")
    values = {"possible": possible, "further": possible, "confident": confident}
    for name, value in values.items():
        text, changed = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value!r}", text)
        if changed != 1:
            sys.exit(f"tagging.toml has {changed} lines that set {name}; one is needed.")
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
