"""Whether a passage speaks of the field at all: words of people, services and work."""

import re
import tomllib
from functools import cache
from importlib.resources import files

NAME = "field.toml"


def speaks_of_the_field(text: str) -> bool:
    """Say whether a text holds a word of safeguarding, its people or its services."""
    return _pattern().search(text) is not None


@cache
def _pattern() -> re.Pattern[str]:
    groups = tomllib.loads(files("nlp").joinpath(f"data/{NAME}").read_text(encoding="utf-8"))
    words = "|".join(word for group in groups.values() for word in group)
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
