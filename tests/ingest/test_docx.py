import io
import zipfile

import pytest
from docx import Document as new_docx
from docx.oxml.ns import nsdecls
from files import word_file
from office_files import NOTE, add_part, word_with_leftovers

from corpus.errors import SourceError
from ingest.extract.docx import extract_docx
from ingest.extracted import BlockKind, ExtractFailedError


def test_headings_numbers_lists_and_tables_come_in_reading_order() -> None:
    data = word_file(
        [
            ("Title", "Learning review: Child Slate"),
            ("Normal", "March 2019"),
            ("Heading 1", "What happened"),
            ("Normal", "4.12 The clinic rang the school twice and nobody wrote it down."),
            ("List Bullet", "the nurse was not told"),
            ("List Number", "the surgery should answer every letter"),
            ("List Number", "the school should keep the answers"),
            ("Caption", "Figure 1: letters by month"),
        ],
        rows=[["Agency", "Action"], ["Surgery", "1.1 Answer letters"]],
    )
    extracted = extract_docx(data)
    assert extracted.raw_title == "Learning review: Child Slate"
    assert (str(extracted.published), extracted.published_from) == ("2019-03", "first page")
    assert [(b.kind.value, b.paragraph, b.text) for b in extracted.blocks] == [
        ("heading", None, "Learning review: Child Slate"),
        ("paragraph", None, "March 2019"),
        ("heading", None, "What happened"),
        ("paragraph", "4.12", "The clinic rang the school twice and nobody wrote it down."),
        ("item", None, "the nurse was not told"),
        ("paragraph", "1", "the surgery should answer every letter"),
        ("paragraph", "2", "the school should keep the answers"),
        ("caption", None, "Figure 1: letters by month"),
        ("row", None, "Agency | Action"),
        ("row", None, "Surgery | 1.1 Answer letters"),
    ]


def test_tracked_insertions_are_read_and_deletions_are_not() -> None:
    document = new_docx()
    paragraph = document.add_paragraph("The nurse ")
    inserted = paragraph._p.makeelement(_tag("ins"), {})
    run = document.add_paragraph().add_run("told the school of it.")._r
    inserted.append(run)
    paragraph._p.append(inserted)
    deleted = paragraph._p.makeelement(_tag("delText"), {})
    deleted.text = " never"
    paragraph._p.append(deleted)
    written = io.BytesIO()
    document.save(written)
    assert extract_docx(written.getvalue()).blocks[0].text == "The nurse told the school of it."


def test_a_word_file_with_a_garbled_part_is_refused() -> None:
    whole = word_file([("Normal", "The nurse told the school of it.")])
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as before, zipfile.ZipFile(written, "w") as after:
        for name in before.namelist():
            garbled = name == "word/document.xml"
            after.writestr(name, b"<w:document" if garbled else before.read(name))
    with pytest.raises(SourceError, match="damaged"):
        extract_docx(written.getvalue())


@pytest.mark.parametrize("place", [1500, 3000, 6000, 12000])
def test_changed_bytes_in_a_word_file_never_end_in_another_error(place: int) -> None:
    data = bytearray(word_file([("Normal", "The nurse told the school of it.")]))
    data[place : place + 40] = b"\xff" * 40
    with pytest.raises(SourceError):
        extract_docx(bytes(data))


def _tag(name: str) -> str:
    return "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}" + name


def test_accepted_words_boxes_and_controls_are_read_and_remarks_are_not() -> None:
    extracted = extract_docx(word_with_leftovers())
    assert [(b.kind.value, b.paragraph, b.text) for b in extracted.blocks] == [
        ("paragraph", None, "Learning review: Child Flint"),
        ("paragraph", None, "The nurse told the school of it."),
        ("paragraph", None, "The clinic rang twice."),
        ("paragraph", None, "Boxed: letters need answers."),
        ("table-head", None, "No | Recommendation"),
        ("row", "1", "Answer letters."),
    ]
    assert extracted.dropped == {"hidden-text": 1}


def test_footnotes_come_last_and_pages_are_counted() -> None:
    data = word_file([("Normal", "The nurse told the school of it.")])
    notes = (
        f"<w:footnotes {nsdecls('w')}><w:footnote w:type='separator' w:id='-1'><w:p/></w:footnote>"
        f"<w:footnote w:id='2'><w:p><w:r><w:t>{NOTE}</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        links = archive.read("word/_rels/document.xml.rels").decode()
        kinds = archive.read("[Content_Types].xml").decode()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    links = links.replace(
        "</Relationships>",
        f'<Relationship Id="rId99" Type="{office}" Target="footnotes.xml"/></Relationships>',
    )
    kinds = kinds.replace(
        "</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'
    )
    for name, xml in (
        ("word/footnotes.xml", notes),
        ("word/_rels/document.xml.rels", links),
        ("[Content_Types].xml", kinds),
        ("docProps/app.xml", "<Properties><Pages>12</Pages></Properties>"),
    ):
        data = add_part(data, name, xml.encode())
    extracted = extract_docx(data)
    assert [block.text for block in extracted.blocks] == ["The nurse told the school of it.", NOTE]
    assert extracted.blocks[1].kind is BlockKind.FOOTNOTE
    assert extracted.page_count == 12


def test_a_word_file_that_swells_is_refused_unread() -> None:
    data = word_file([("Normal", "The nurse told the school of it.")])
    swollen = add_part(data, "word/document.xml", b"<a>" + b" " * 70_000_000 + b"</a>")
    with pytest.raises(ExtractFailedError, match="unpacks to more") as failed:
        extract_docx(swollen)
    assert failed.value.mark == "extract_failed:limit"
