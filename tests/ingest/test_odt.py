import io
import zipfile

import pytest
from office_files import NOTE, open_document

from ingest.extract.odt import extract_odt
from ingest.extracted import ExtractFailedError
from ingest.sniff import ODT, sniff

NUMBERED = (
    '<text:list-style style:name="L1">'
    '<text:list-level-style-number text:level="1" style:num-format="1"/>'
    '<text:list-level-style-number text:level="2" style:num-format="1" text:display-levels="2"/>'
    '</text:list-style><text:list-style style:name="B">'
    '<text:list-level-style-bullet text:level="1"/></text:list-style>'
)
BODY = f"""
<text:tracked-changes><text:changed-region><text:deletion><text:p>Deleted words.</text:p>
</text:deletion></text:changed-region></text:tracked-changes>
<text:table-of-content><text:index-body><text:p>What happened<text:tab/>3</text:p>
</text:index-body></text:table-of-content>
<text:p>March 2019</text:p>
<text:h text:outline-level="2">What happened</text:h>
<text:p>4.12 The clinic<text:s/>rang twice<text:note><text:note-citation>1</text:note-citation>
<text:note-body><text:p>{NOTE}</text:p></text:note-body></text:note>, and
<office:annotation><text:p>Kit: is this so?</text:p></office:annotation>nobody wrote
it down.</text:p>
<text:list text:style-name="L1"><text:list-item><text:p>The school knew of it.</text:p>
<text:list><text:list-item><text:p>So did the surgery.</text:p></text:list-item></text:list>
</text:list-item><text:list-item><text:p>The police did not.</text:p></text:list-item></text:list>
<text:list text:style-name="B"><text:list-item><text:p>nobody rang back</text:p></text:list-item>
</text:list>
<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>No</text:p>
</table:table-cell><table:table-cell><text:p>Action</text:p></table:table-cell></table:table-row>
</table:table-header-rows><table:table-row><table:table-cell><text:p>R3</text:p></table:table-cell>
<table:table-cell><text:p>Answer letters.</text:p><text:p>Keep them.</text:p></table:table-cell>
</table:table-row></table:table>
<text:p>The end.<draw:frame><draw:text-box><text:p>Boxed: letters need answers.</text:p>
</draw:text-box></draw:frame></text:p>"""


def test_headings_numbers_lists_tables_and_notes_come_in_reading_order() -> None:
    extracted = extract_odt(open_document(BODY, title="Learning review", styles=NUMBERED, pages=7))
    assert extracted.raw_title == "Learning review"
    assert (str(extracted.published), extracted.page_count) == ("2019-03", 7)
    assert [(b.kind.value, b.paragraph, b.text) for b in extracted.blocks] == [
        ("contents", None, "What happened 3"),
        ("paragraph", None, "March 2019"),
        ("heading", None, "What happened"),
        ("paragraph", "4.12", "The clinic rang twice, and nobody wrote it down."),
        ("paragraph", "1", "The school knew of it."),
        ("paragraph", "1.1", "So did the surgery."),
        ("paragraph", "2", "The police did not."),
        ("item", None, "nobody rang back"),
        ("table-head", None, "No | Action"),
        ("row", "3", "Answer letters. Keep them."),
        ("paragraph", None, "The end."),
        ("paragraph", None, "Boxed: letters need answers."),
        ("footnote", None, NOTE),
    ]


def test_an_open_document_is_known_by_its_bytes() -> None:
    assert sniff(open_document("<text:p>a</text:p>"), "a.odt").media_type == ODT


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (open_document("<text:p>a")[:900], "damaged"),
        (open_document("<text:p>Unclosed"), "damaged"),
        (open_document("<text:section>" * 3000 + "</text:section>" * 3000), "damaged"),
        (open_document(""), "no-text"),
        (open_document("<text:p>" + " " * 70_000_000 + "a</text:p>"), "limit"),
    ],
    ids=["cut", "garbled", "nested", "empty", "bomb"],
)
def test_a_faulty_open_document_is_refused_with_its_cause(data: bytes, cause: str) -> None:
    with pytest.raises(ExtractFailedError) as failed:
        extract_odt(data)
    assert failed.value.cause == cause


def test_entities_in_an_open_document_are_never_expanded() -> None:
    data = open_document("<text:p>The nurse &x; told the school.</text:p>")
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(written, "w") as after:
        for name in before.namelist():
            text = before.read(name).decode()
            entity = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
            after.writestr(
                name, text.replace("?>", "?>" + entity, 1) if "content" in name else text
            )
    with pytest.raises(ExtractFailedError):
        extract_odt(written.getvalue())
