"""Pages of figures: counts, the passages behind them, and what others published."""

from flask import Blueprint, Response, render_template, request

from web.count_sheets import count_sheets
from web.counting import CountsQuestion, counted
from web.current import current_library
from web.parameters import ParameterError
from web.spreadsheet import workbook_bytes
from web.views import counted_passages, counts, published

figures = Blueprint("figures", __name__)

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@figures.get("/counts")
def counts_page() -> tuple[str, int]:
    """Show the three figures of every theme; a form that cannot be used is a 400."""
    page = counts.build(current_library(), request.args)
    return render_template("counts.html", page=page), 400 if page.problems else 200


@figures.get("/counts/passages")
def counted_passages_page() -> tuple[str, dict[str, str]]:
    """Show the passages behind one figure; search engines are asked not to list it."""
    page = counted_passages.build(current_library(), request.args)
    return render_template("counted_passages.html", page=page), {"X-Robots-Tag": "noindex"}


@figures.get("/published-figures")
def published_page() -> str:
    """Show figures that others published, each in its own unit, with ours beside."""
    return render_template("published_figures.html", page=published.build(current_library()))


@figures.get("/counts.xlsx")
def counts_workbook() -> Response:
    """Send the same figures as a workbook, with a sheet of the passages behind them."""
    library = current_library()
    problems: list[str] = []
    question: CountsQuestion = counts.read_question(library, request.args, problems)
    if problems:
        raise ParameterError([("counts", " ".join(problems))])
    with library.store.pinned():
        sheets = count_sheets(counted(library, question), library, question)
    name = f"throughline-counts-{library.snapshot}.xlsx"
    return Response(
        workbook_bytes(sheets),
        content_type=_WORKBOOK,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Robots-Tag": "noindex",
        },
    )
