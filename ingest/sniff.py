"""What a file is, from its bytes and never from its name."""

import codecs
import io
import json
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePath

from corpus.errors import SourceError

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
HTML = "text/html"
FEED = "application/xml"
TEXT = "text/plain"
CONTENT_ITEM = "application/json"
"""An answer of GOV.UK's Content API; no other JSON is a document."""

WRONG_NAME = "wrong-file-name"
"""The mark of a document whose file's name ends as another kind's does."""

_EXTENSIONS = {
    PDF: {".pdf"},
    DOCX: {".docx"},
    ODT: {".odt"},
    CONTENT_ITEM: {".json"},
    HTML: {".html", ".htm", ".xhtml"},
    FEED: {".rss", ".xml", ".atom", ".rdf"},
    TEXT: {".txt", ".text", ".md"},
}
_KNOWN_EXTENSIONS = frozenset().union(*_EXTENSIONS.values())
_REFUSED = (
    (b"\x89PNG\r\n\x1a\n", "is a PNG picture"),
    (b"\xff\xd8\xff", "is a JPEG picture"),
    (b"GIF8", "is a GIF picture"),
    (b"II*\x00", "is a TIFF picture"),
    (b"MM\x00*", "is a TIFF picture"),
    (b"RIFF", "is a picture, sound or film"),
    (b"{\\rtf", "is an RTF file: save it as DOCX or PDF"),
    (b"\xd0\xcf\x11\xe0", "is an old Office file: save it as DOCX or PDF"),
    (b"\x1f\x8b", "is compressed: unpack it first"),
    (b"WARC/", "is a web archive within a web archive: give the inner one"),
    (b"SQLite format 3", "is a database"),
    (b"\x7fELF", "is a program"),
)
_PICTURE_ADVICE = ": give the document itself, as PDF, DOCX, HTML, TXT or RSS"
_MARKUP = re.compile(
    r"<!doctype\s+html|<(?:html|head|body|article|main|section|div|p|h[1-6]|table|ul|ol)[\s>]",
    re.IGNORECASE,
)
_XML_START = re.compile(
    r"<\?xml|<(?:\w+:)?(?:rss|feed|rdf)\b|<!\s*(?:doctype(?!\s+html)|entity)", re.IGNORECASE
)
_ITEM_FIELDS = {"content_id", "base_path", "details", "document_type"}
_XHTML = re.compile(r"<html[\s>]", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_PDF_HEAD, _PDF_END, _PDF_OBJECT = b"%PDF-", b"%%EOF", b"endobj"
_PDF_VERSION = re.compile(rb"%PDF-\d\.\d")
_ZIP_PART = re.compile(rb"PK\x03\x04|PK\x05\x06")
_UTF16_SAMPLE = 4096
_MAX_CONTROL_SHARE = 0.002


@dataclass(frozen=True)
class Sniffed:
    """What the bytes are, and the text of those that are text."""

    media_type: str
    text: str | None = None
    """Decoded; ``None`` for PDF and DOCX, and for feeds, which say their own encoding."""
    wrong_name: bool = False
    """Whether the name ends as that of another kind of file."""
    also: str | None = None
    """What else it is, in a few words, where one program reads it so and another so."""


def sniff(data: bytes, name: str) -> Sniffed:
    """Decide what a file is from its content.

    Args:
        data: all its bytes.
        name: its name, only compared with the answer.

    Raises:
        SourceError: it is empty, or nothing that can be read as a document.
    """
    media_type, text = _decide(data)
    extension = PurePath(name).suffix.lower()
    wrong = extension in _KNOWN_EXTENSIONS and extension not in _EXTENSIONS[media_type]
    return Sniffed(media_type, text, wrong_name=wrong, also=_second_kind(data, media_type))


def _second_kind(data: bytes, media_type: str) -> str | None:
    """Find a second document in a file, as those make who want two readers to see two things."""
    if media_type == PDF:
        before, after = data[: data.index(_PDF_HEAD)], b""
        if _PDF_END in data:
            after = data[data.rindex(_PDF_END) :]
        for part, where in ((before, "before its beginning"), (after, "after its end")):
            if _MARKUP.search(part.decode("latin-1")):
                return f"a PDF with a web page {where}"
            if _ZIP_PART.search(part):
                return f"a PDF with an archive {where}"
    if media_type == HTML and _holds_pdf(data):
        return "a web page with a PDF in it"
    return None


def _holds_pdf(data: bytes) -> bool:
    return bool(_PDF_VERSION.search(data)) and _PDF_OBJECT in data


def _decide(data: bytes) -> tuple[str, str | None]:
    if not data.strip():
        raise SourceError("is empty: check that it was saved or downloaded whole")
    for magic, what in _REFUSED:
        if data.startswith(magic):
            raise SourceError(what + ("" if ":" in what else _PICTURE_ADVICE))
    if _PDF_HEAD in data[:1024]:
        return PDF, None
    if _holds_pdf(data) and _MARKUP.match(data[:1024].decode("latin-1").lstrip()):
        return HTML, data.decode("utf-8", "replace").replace("\x00", "")
    if data.startswith(b"PK\x03\x04"):
        return _decide_zip(data), None
    text = decode_text(data)
    start = text[:4096].lstrip()
    if _XML_START.match(start) and not _XHTML.search(start):
        return FEED, None
    if start[:1] in ("{", "[") and _is_content_item(text):
        return CONTENT_ITEM, text
    return (HTML if _MARKUP.search(text[:65536]) else TEXT), text


def _is_content_item(text: str) -> bool:
    """Tell GOV.UK's answers from what only looks like JSON, and refuse any other JSON.

    Raises:
        SourceError: it is JSON that holds no document.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if not isinstance(value, dict) or not value.keys() >= _ITEM_FIELDS:
        raise SourceError("is JSON data" + _PICTURE_ADVICE)
    return True


def decode_text(data: bytes) -> str:
    """Decode text: by its byte-order mark, as UTF-16 without one, as UTF-8, or as Windows-1252.

    Raises:
        SourceError: it holds NULs or so many control characters that it is no text.
    """
    text = _decode(data)
    controls = len(_CONTROL.findall(text))
    if "\x00" in text or controls > max(1, len(text) * _MAX_CONTROL_SHARE):
        raise SourceError(
            "is not readable text (it holds control characters): give it as PDF, DOCX, HTML, RSS "
            "or plain text in UTF-8"
        )
    return text


def _decode(data: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise SourceError(
                    f"is damaged: it says it is {encoding.upper()} but is not, from byte "
                    f"{error.start} on. Save it again as UTF-8"
                ) from error
    unmarked = _unmarked_utf16(data)
    if unmarked:
        return unmarked
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise SourceError(
            "is not readable text in UTF-8, UTF-16 or Windows-1252: save it again as UTF-8"
        ) from error


def _unmarked_utf16(data: bytes) -> str | None:
    """Decode UTF-16 that lacks its mark: every other byte of Latin letters is a NUL."""
    start = data[:_UTF16_SAMPLE]
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        nuls, others = start[offset::2].count(0), start[1 - offset :: 2].count(0)
        if len(start) > 8 and nuls > 0.7 * len(start) / 2 and not others:
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                return None
    return None


def _decide_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            named = "mimetype" in names and archive.getinfo("mimetype").file_size < 200
            mimetype = archive.read("mimetype").decode("latin-1").strip() if named else ""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error) as error:
        raise SourceError("is cut short or damaged: download or save it again") from error
    if "word/document.xml" in names:
        return DOCX
    if "content.xml" in names and mimetype == ODT:
        return ODT
    if "[Content_Types].xml" in names:
        raise SourceError("is a spreadsheet or presentation: save it as PDF")
    raise SourceError("is a ZIP archive: unpack it and give the folder")
