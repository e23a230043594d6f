"""Where sentences begin and end in the prose of reviews, minutes and news."""

import re
from itertools import pairwise

from corpus.model import Span

RULES_VERSION = "1"

# A stop, what may close a quotation or bracket after it, and a footnote's digit.
_STOP = re.compile(r"""(?:[.!?…]+)["'”’)\]]*(?P<note>\d{1,2})?(?=\s|$)""")
# A space lost in extraction: "the file.Nobody asked".
_GLUED = re.compile(r"(?<=[a-z]{2})[.!?](?=[A-Z][a-z])")
# A list item on a line of its own begins a sentence without a stop before it.
_ITEM = re.compile(r"\n\s*(?=[•●▪◦*–—-]\s|\(?\d{1,2}[.)]\s|\(?[a-z]\)\s)|\n\s*\n")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TITLES = _words("mr mrs ms miss dr prof rev sgt insp supt cllr st messrs hon sir")
_ABBREVIATIONS = _TITLES | _words(
    "e.g i.e eg ie viz cf al vs v no nos para paras vol p pp ch art arts reg regs s ss sch fig ref "
    "approx dept govt ed eds inc ltd co jan feb mar apr jun jul aug sept sep oct nov dec "
    "a.m p.m op cit ibid"
)
_ENDS_ANYWAY = _words("etc a.m p.m al co ltd inc")
# After "Ms K." or "10 p.m." one of these begins a new sentence; a surname does not.
_STARTERS = _words(
    "a after all although an and another as at before both but by child children despite during "
    "each for from had he health her his however if in it its mother father neither no nobody "
    "none nor nothing on one our police professionals she since social some staff that the their "
    "then there these they this those though two until we what when where while who with"
)
_WORD_BEFORE = re.compile(r"[\w.]+$")
_NEXT_WORD = re.compile(r"""[\s"'“‘(\[•–—-]*(?P<word>\w+)""")


def sentence_spans(text: str) -> tuple[Span, ...]:
    """Split a passage into sentences.

    Stops inside "para. 4.12", "Ms. K", "e.g." and paragraph numbers do not end one; a
    lost space ("the file.Nobody") and a list item on its own line do.

    Args:
        text: one passage, unmodified.

    Returns:
        Half-open spans in reading order, without surrounding white space and without
        overlaps; together they hold everything but white space. Empty for a blank text.
    """
    cuts = {match.end() for match in _STOP.finditer(text) if _ends_sentence(text, match)}
    cuts |= {match.end() for match in _GLUED.finditer(text)}
    cuts |= {match.end() for match in _ITEM.finditer(text)}
    edges = [0, *sorted(cuts), len(text)]
    spans = (_trimmed(text, a, b) for a, b in pairwise(edges))
    return tuple(span for span in spans if span.start < span.end)


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    lead = len(piece) - len(piece.lstrip())
    return Span(start + lead, start + max(lead, len(piece.rstrip())))


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    following = _NEXT_WORD.match(text, match.end())
    if following is None:
        return True
    word = following["word"]
    if text[match.start()] != ".":
        return not word[0].islower()
    before = _WORD_BEFORE.search(text, 0, match.start())
    last = before.group() if before else ""
    if re.fullmatch(r"\d+(?:\.\d+)*", last):
        return _number_ends_sentence(text, match.start() - len(last), word)
    capital = not word[0].islower()
    starter = capital and word.lower() in _STARTERS
    if last in {"No", "no"}:
        return capital and not word[0].isdigit()
    if last.lower() in _ABBREVIATIONS:
        return starter and last.lower() in _ENDS_ANYWAY
    initial = len(last) == 1 and last.isupper()
    return starter if initial else capital


def _number_ends_sentence(text: str, start: int, next_word: str) -> bool:
    """Tell "in 2004. The" from the paragraph number "4.12." at a line's start."""
    line_start = text.rfind("\n", 0, start) + 1
    return bool(text[line_start:start].strip()) and not next_word[0].islower()
