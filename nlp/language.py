"""Whether a passage is in English, by the share of its commonest small words."""

import re

RULES_VERSION = "1"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Without "a", which Portuguese and Welsh have too.
_ENGLISH = _words(
    "the of and to in that was for on is by with as it not be had at were which from or an been "
    "have this but their they his her he she who no are would did should there when has into "
    "about any all if may more could what its after before between other also our we you i"
)
_OTHERS = _words(
    # Without words that English has too, such as am, care, com, die, do, no and war.
    # Welsh, Irish and Gaelic, Polish, Portuguese, Spanish, French, German, Romanian
    "y yr yn o ei eu oedd mae wedi ar gan bod nad ac sydd gyda hefyd fod hwn wrth roedd nid "
    "agus na ar le go raibh tha bha agus gu "
    "w z nie na się że do jest oraz przez był była jak od "
    "que não uma os dos da foi em por se mais "
    "el los las una fue del la les des et une dans pour est pas sur "
    "der das und nicht ein eine mit von den zu "
    "și nu cu din pe fost pentru"
)
_WORD = re.compile(r"[^\W\d_]+")
_LEAST_WORDS = 6


def is_english(text: str) -> bool:
    """Tell English from other languages; short or wordless texts pass as English.

    A text is another language when the small words of Welsh, Irish, Polish, Portuguese,
    Spanish, French, German or Romanian outnumber the English ones, or when English ones
    are all but absent from a longer text.
    """
    words = [word.lower() for word in _WORD.findall(text)]
    if len(words) < _LEAST_WORDS:
        return True
    english = sum(word in _ENGLISH for word in words)
    other = sum(word in _OTHERS for word in words)
    if other > english:
        return False
    return english > 0 or len(words) < 5 * _LEAST_WORDS
