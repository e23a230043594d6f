"""The report as a Word document: headings, captions, real tables, wide ones on their side."""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from web.report.blocks import Block, Heading, Listing, Paragraph, Quotation, Run, Table
from web.report.document import readable
from web.report.fixed_zip import without_clock
from web.report.html import is_web
from web.report.model import AnnualReport
from web.report.words import day_words
from web.report.xlsx import stated_at
from web.spreadsheet import clean_value

_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_A4 = (11906, 16838)
_MARGIN = 1021
_SMALL, _TABLE, _WIDE = 9.0, 8.5, 7.5
_INK, _QUIET, _LINK, _HEAD = "1B2326", "515C61", "0B5563", "E4F0F1"


def word_document(report: AnnualReport, *, written_on: dt.date, site: str = "") -> bytes:
    """Write the document; equal reports give equal bytes but for the line with the day."""
    return _Writer(report, written_on, site).bytes()


class _Writer:
    """One document on its way; lxml and python-docx have no types, hence ``Any``."""

    def __init__(self, report: AnnualReport, written_on: dt.date, site: str) -> None:
        # Imported here: most commands write no document.
        import docx  # noqa: PLC0415
        from docx.oxml import OxmlElement  # noqa: PLC0415
        from docx.oxml.ns import qn  # noqa: PLC0415

        self._element: Any = OxmlElement
        self._qn: Any = qn
        self._report, self._written_on = report, written_on
        self._said = readable(report, site=site)
        self._file: Any = docx.Document()
        self._wide = False

    def bytes(self) -> bytes:
        self._set_styles()
        self._page(self._file.sections[0], wide=False)
        self._running(self._file.sections[0])
        self._front()
        for leaf in self._said.leaves:
            self._turn(wide=leaf.wide)
            for block in leaf.blocks:
                self._add(block)
        out = io.BytesIO()
        self._file.save(out)
        return without_clock(out.getvalue(), stated_at=stated_at(self._report))

    # -- pages ---------------------------------------------------------------------

    def _set_styles(self) -> None:
        from docx.shared import Pt, RGBColor  # noqa: PLC0415

        styles, core = self._file.styles, self._file.core_properties
        core.title, core.subject = self._said.title, self._said.subtitle
        core.author, core.language, core.comments = "Throughline", "en-GB", ""
        core.last_modified_by, core.revision = "Throughline", 1
        self._language(styles)
        normal = styles["Normal"]
        normal.font.name, normal.font.size = "Calibri", Pt(10.5)
        normal.paragraph_format.space_after = Pt(6)
        for name, size in (("Title", 26), ("Heading 1", 17), ("Heading 2", 13)):
            styles[name].font.size = Pt(size)
            styles[name].font.color.rgb = RGBColor.from_string(_LINK)
        for name in ("Subtitle", "Quote"):
            styles[name].font.color.rgb = RGBColor.from_string(
                _QUIET if name == "Subtitle" else _INK
            )
        caption = styles["Caption"]
        caption.font.size, caption.font.color.rgb = Pt(9.5), RGBColor.from_string(_INK)
        caption.paragraph_format.keep_with_next = True
        caption.paragraph_format.space_before = Pt(10)

    def _language(self, styles: Any) -> None:  # noqa: ANN401 - as the class says
        """A reader's voice and spelling: English as in Britain."""
        properties = styles.element.find(
            f"{self._qn('w:docDefaults')}/{self._qn('w:rPrDefault')}/{self._qn('w:rPr')}"
        )
        for language in properties.findall(self._qn("w:lang")):
            language.set(self._qn("w:val"), "en-GB")

    def _page(self, section: Any, *, wide: bool) -> None:  # noqa: ANN401 - as above
        from docx.enum.section import WD_ORIENT  # noqa: PLC0415
        from docx.shared import Twips  # noqa: PLC0415

        width, height = reversed(_A4) if wide else _A4
        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Twips(width), Twips(height)
        for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
            setattr(section, side, Twips(_MARGIN))

    def _running(self, section: Any) -> None:  # noqa: ANN401 - as above
        """What every page says: draft or not, of which snapshot, which page."""
        if self._said.banner:
            self._words(section.header.paragraphs[0], (Run(self._said.banner),), bold=True)
        foot = section.footer.paragraphs[0]
        self._words(
            foot,
            (Run(f"{self._said.title}, snapshot {self._report.snapshot}, page "),),
            size=_SMALL,
        )
        self._field(foot, "PAGE")

    def _turn(self, *, wide: bool) -> None:
        """Turn the paper where a table needs it, and back after."""
        from docx.enum.section import WD_SECTION  # noqa: PLC0415

        if wide != self._wide:
            self._page(self._file.add_section(WD_SECTION.NEW_PAGE), wide=wide)
            self._wide = wide

    # -- what stands on them -------------------------------------------------------

    def _front(self) -> None:
        said = self._said
        self._file.add_heading(said.title, 0)
        self._file.add_paragraph(said.subtitle, style="Subtitle")
        for name, words in said.facts:
            paragraph = self._file.add_paragraph()
            self._words(paragraph, (Run(f"{name}: "),), bold=True)
            self._words(paragraph, (Run(words),))
        if said.citation:
            self._words(self._file.add_paragraph(), (Run(f"Cite as: {said.citation}"),))
        day = f"Written on {day_words(self._written_on)}."
        self._words(self._file.add_paragraph(), (Run(day),), size=_SMALL)

    def _add(self, block: Block) -> None:
        if isinstance(block, Heading):
            self._file.add_heading(block.text, block.level)
        elif isinstance(block, Paragraph):
            strong, size = block.sort == "warning", _SMALL if block.sort == "small" else None
            self._words(self._file.add_paragraph(), block.runs, bold=strong, size=size)
        elif isinstance(block, Listing):
            for item in block.items:
                self._words(self._file.add_paragraph(style="List Bullet"), item)
        elif isinstance(block, Quotation):
            self._quotation(block)
        else:
            self._table(block)

    def _quotation(self, block: Quotation) -> None:
        from docx.shared import Cm, Pt  # noqa: PLC0415

        said = self._file.add_paragraph(style="Normal" if block.ours else "Quote")
        self._words(said, (Run(block.text + (" …" if block.cut else "")),))
        said.paragraph_format.left_indent = Cm(0.7)
        said.paragraph_format.keep_with_next = True
        said.paragraph_format.space_after = Pt(2)
        source = self._file.add_paragraph()
        source.paragraph_format.left_indent = Cm(0.7)
        source.paragraph_format.space_after = Pt(10)
        self._words(source, block.source, size=_SMALL)

    def _table(self, block: Table) -> None:
        title = f"Table {block.number}. "
        caption = self._file.add_paragraph(style="Caption")
        self._words(caption, (Run(f"{title}{block.caption}"),))
        size = _WIDE if block.wide else _TABLE
        made = self._file.add_table(rows=1, cols=len(block.columns), style="Table Grid")
        self._describe(made, f"{title}{block.caption}", block.columns)
        made.autofit = False
        widths = self._widths(block)
        for column, width in zip(made.columns, widths, strict=True):
            column.width = width
        for cell, name in zip(made.rows[0].cells, block.columns, strict=True):
            self._words(cell.paragraphs[0], (Run(name),), bold=True, size=size)
            self._shade(cell)
        self._row_properties(made.rows[0], head=True)
        for row in block.rows:
            added = made.add_row()
            self._row_properties(added, head=False)
            cells = added.cells
            self._head_cell(cells[0], row.head, depth=row.depth, size=size)
            for cell, words in zip(cells[1:], row.cells, strict=True):
                self._words(cell.paragraphs[0], (Run(words),), size=size)
        for row in made.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = width
                cell.paragraphs[0].paragraph_format.space_after = 0
        for note in block.notes:
            self._words(self._file.add_paragraph(), (Run(note),), size=_SMALL)
        if not block.notes:
            self._file.add_paragraph()

    def _widths(self, block: Table) -> list[Any]:
        from docx.shared import Twips  # noqa: PLC0415

        whole = (_A4[1] if block.wide else _A4[0]) - 2 * _MARGIN
        others = len(block.columns) - 1
        weights = block.weights or (max(2, others // 2), *([1] * others))
        return [Twips(whole * weight // sum(weights)) for weight in weights]

    def _head_cell(self, cell: Any, head: Run, *, depth: int, size: float) -> None:  # noqa: ANN401
        from docx.shared import Cm  # noqa: PLC0415

        paragraph = cell.paragraphs[0]
        self._words(paragraph, (head,), bold=not depth, size=size)
        if depth:
            paragraph.paragraph_format.left_indent = Cm(0.4)

    # -- words ---------------------------------------------------------------------

    def _words(
        self,
        paragraph: Any,  # noqa: ANN401 - as the class says
        runs: Sequence[Run],
        *,
        bold: bool = False,
        size: float | None = None,
    ) -> None:
        from docx.shared import Pt  # noqa: PLC0415

        for run in runs:
            written = paragraph.add_run(str(clean_value(run.text)))
            written.bold = bold or None
            if size:
                written.font.size = Pt(size)
            if run.href and is_web(run.href):
                self._hyperlink(paragraph, written, run.href)

    def _hyperlink(self, paragraph: Any, written: Any, href: str) -> None:  # noqa: ANN401
        from docx.shared import RGBColor  # noqa: PLC0415

        link = self._element("w:hyperlink")
        link.set(self._qn("r:id"), paragraph.part.relate_to(href, _RELATION, is_external=True))
        written.font.color.rgb = RGBColor.from_string(_LINK)
        written.font.underline = True
        paragraph._p.replace(written._r, link)
        link.append(written._r)

    def _field(self, paragraph: Any, code: str) -> None:  # noqa: ANN401 - as above
        field = self._element("w:fldSimple")
        field.set(self._qn("w:instr"), code)
        run, text = self._element("w:r"), self._element("w:t")
        text.text = "1"
        run.append(text)
        field.append(run)
        paragraph._p.append(field)

    # -- what a screen reader is told ----------------------------------------------

    def _describe(self, table: Any, caption: str, columns: Sequence[str]) -> None:  # noqa: ANN401
        properties = table._tbl.tblPr
        for name, words in (
            ("w:tblCaption", caption),
            ("w:tblDescription", f"Columns: {', '.join(columns)}."),
        ):
            said = self._element(name)
            said.set(self._qn("w:val"), words)
            properties.append(said)

    def _row_properties(self, row: Any, *, head: bool) -> None:  # noqa: ANN401 - as above
        """A head is repeated on each page; no row is torn in two."""
        properties = row._tr.get_or_add_trPr()
        for name in ("w:cantSplit", *(("w:tblHeader",) if head else ())):
            properties.append(self._element(name))

    def _shade(self, cell: Any) -> None:  # noqa: ANN401 - as above
        shade = self._element("w:shd")
        for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", _HEAD)):
            shade.set(self._qn(name), value)
        cell._tc.get_or_add_tcPr().append(shade)
