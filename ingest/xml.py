"""XML from strangers: nothing outside the bytes is ever opened, and nothing is expanded."""

import re
from typing import Any

from lxml import etree

from corpus.errors import SourceError

_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def parse_xml(data: bytes) -> etree._Element:
    """Parse XML that declares neither a document type nor entities.

    Raises:
        SourceError: it declares one, is cut short or is not well formed. What declares
            anything is refused before a parser sees it.
    """
    # Other encodings hide ASCII behind NULs; take them out before looking for declarations.
    if _DECLARATION.search(data.replace(b"\x00", b"")):
        raise SourceError(
            "declares a document type or entities, which can make a reader open other files: "
            "remove the <!DOCTYPE …> part"
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(
            f"is cut short or is not well-formed XML (line {error.lineno or 1}): download it again"
        ) from error
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        raise SourceError("declares a document type: remove the <!DOCTYPE …> part")
    return root
