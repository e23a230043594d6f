"""The paragraph numbers that Word computes instead of storing: 1, 1.1, 1.1.1."""

import re
from collections import defaultdict
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

_PLACE = re.compile(r"%(\d)")
_FORMATS = frozenset({"decimal", "decimalZero"})
"""Only figures become paragraph numbers; letters and bullets are list items."""


class Numbers:
    """Counts numbered paragraphs in reading order, as Word would print them."""

    def __init__(self, document: Document) -> None:
        """Read the document's numbering definitions; it may have none."""
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        part = next(
            (
                relation.target_part
                for relation in document.part.rels.values()
                if relation.reltype.endswith("/numbering")
            ),
            None,
        )
        if part is not None:
            self._read(part._element)

    def label(self, paragraph: Paragraph) -> str | None:
        """Give the number printed before this paragraph, and count it.

        Call once for each paragraph, in order. ``None`` for what has no number, or has a
        bullet or a letter.
        """
        place = _numbering(paragraph)
        if place is None or place[0] not in self._levels:
            return None
        list_id, level = place
        levels = self._levels[list_id]
        if level not in levels:
            return None
        form, text, start = levels[level]
        counts = self._counts[list_id]
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        if form not in _FORMATS:
            return None

        def number(matched: re.Match[str]) -> str:
            shown = int(matched[1]) - 1
            return str(counts.get(shown, levels.get(shown, ("", "", 1))[2]))

        return _PLACE.sub(number, text).strip() or None

    def is_listed(self, paragraph: Paragraph) -> bool:
        """Say whether Word counts or bullets this paragraph."""
        return _numbering(paragraph) is not None

    def _read(self, root: Any) -> None:  # noqa: ANN401 - an lxml element without types
        abstract = {
            element.get(qn("w:abstractNumId")): {
                int(level.get(qn("w:ilvl"))): (
                    _value(level, "w:numFmt", "decimal"),
                    _value(level, "w:lvlText", ""),
                    int(_value(level, "w:start", "1")),
                )
                for level in element.findall(qn("w:lvl"))
            }
            for element in root.findall(qn("w:abstractNum"))
        }
        for element in root.findall(qn("w:num")):
            definition = abstract.get(_value(element, "w:abstractNumId", ""))
            if definition:
                self._levels[element.get(qn("w:numId"))] = definition


def _numbering(paragraph: Paragraph) -> tuple[str, int] | None:
    """Find a paragraph's list and level, its own or its style's."""
    style: Any = paragraph.style
    holders = [paragraph._p.pPr]
    while style is not None:
        holders.append(style.element.pPr)
        style = style.base_style
    for properties in holders:
        numbering: Any = None if properties is None else properties.numPr
        if numbering is not None and numbering.numId is not None:
            list_id = str(numbering.numId.val)
            level = numbering.ilvl.val if numbering.ilvl is not None else 0
            return (list_id, level) if list_id != "0" else None
    return None


def _value(element: Any, name: str, default: str) -> str:  # noqa: ANN401
    child = element.find(qn(name))
    value = None if child is None else child.get(qn("w:val"))
    return default if value is None else str(value)
