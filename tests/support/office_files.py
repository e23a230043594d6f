"""Word and OpenDocument files with what people leave in them; every word is invented."""

import io
import zipfile

from docx import Document as new_docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

NOTE = "Audit office (2019) Letters and answers."
LEFTOVERS = (
    """<w:sdt><w:sdtContent><w:p><w:r><w:t>Learning review: Child Flint</w:t></w:r></w:p>
    </w:sdtContent></w:sdt>""",
    """<w:p><w:r><w:t>The nurse </w:t></w:r><w:del><w:r><w:delText>never </w:delText></w:r></w:del>
    <w:moveFrom><w:r><w:t>once </w:t></w:r></w:moveFrom>
    <w:ins><w:r><w:t>told the school</w:t></w:r></w:ins>
    <w:r><w:rPr><w:vanish/></w:rPr><w:t> (hidden words)</w:t></w:r>
    <w:r><w:t> of it.</w:t></w:r></w:p>""",
    """<w:p><w:r><w:t>The clinic rang twice.</w:t></w:r><w:r><mc:AlternateContent>
    <mc:Choice Requires='wps'><w:drawing>BOX</w:drawing></mc:Choice>
    <mc:Fallback><w:pict>BOX</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>""",
    """<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc><w:p><w:r><w:t>No</w:t></w:r></w:p></w:tc>
    <w:tc><w:p><w:r><w:t>Recommendation</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:r>
    <w:t>R1</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Answer letters.</w:t></w:r></w:p></w:tc>
    </w:tr><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>R2</w:t></w:r></w:p></w:tc><w:tc>
    <w:p><w:r><w:t>Withdrawn.</w:t></w:r></w:p></w:tc></w:tr></w:tbl>""",
)


def add_part(data: bytes, name: str, xml: bytes) -> bytes:
    """Put one part in a packed file, or in another's place."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(written, "w") as after:
        for part in before.namelist():
            if part != name:
                after.writestr(part, before.read(part))
        after.writestr(name, xml)
    return written.getvalue()


def word_with_leftovers() -> bytes:
    """Moved, deleted and hidden words, a content control, a text box in two copies."""
    document = new_docx()
    body = document.element.body
    boxed = "<w:p><w:r><w:t>Boxed: letters need answers.</w:t></w:r></w:p>"
    box = f"<w:txbxContent>{boxed}</w:txbxContent>"
    for xml in LEFTOVERS:
        body.append(_parse(xml.replace("BOX", box)))
    document.add_comment(
        document.paragraphs[0].runs, text="I am not sure about this, Kit", author="Kit"
    )
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _parse(xml: str) -> object:
    end = xml.index(">")
    spaces = nsdecls("w") + (
        " xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'"
    )
    return parse_xml(f"{xml[:end]} {spaces}{xml[end:]}")


def open_document(body: str, *, title: str = "", styles: str = "", pages: int = 1) -> bytes:
    """Write an OpenDocument text whose content is ``body``."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (
            ("office", "office"),
            ("text", "text"),
            ("table", "table"),
            ("style", "style"),
            ("draw", "drawing"),
            ("meta", "meta"),
        )
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {names} office:version="1.2">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    meta = (
        f'<?xml version="1.0"?><office:document-meta {names} '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.2"><office:meta>'
        f'<dc:title>{title}</dc:title><meta:document-statistic meta:page-count="{pages}"/>'
        "</office:meta></office:document-meta>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    listed = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{media}"/>'
        for path, media in (("/", kind), ("content.xml", "text/xml"), ("meta.xml", "text/xml"))
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f"{listed}</manifest:manifest>"
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind)
        for name, text in (
            ("content.xml", content),
            ("meta.xml", meta),
            ("META-INF/manifest.xml", manifest),
        ):
            archive.writestr(name, text)
    return written.getvalue()
