"""The portal's pages: each route reads the request, builds one context and renders it."""

from functools import cache
from importlib.resources import files

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus.groups import merged_into
from corpus.ids import sha256_text
from corpus.ledger import blocks_time, collapse_warnings
from web.current import current_library
from web.nav import NavLink, nav_links
from web.site import site_address
from web.views import (
    about,
    compare,
    document,
    home,
    matrix,
    method,
    passage,
    quote_citation,
    review,
    reviews,
    search,
    snapshots,
    sources,
    theme,
    themes,
)

portal = Blueprint("portal", __name__)


@portal.get("/")
def home_page() -> str:
    """Show what this is, the signature chart and the ways in."""
    return render_template("home.html", page=home.build(current_library()))


@portal.get("/search")
def search_page() -> tuple[str, int]:
    """Search; a form that cannot be used is shown again with what to change, as a 400."""
    page = search.build(current_library(), request.args)
    return render_template("search.html", page=page), 400 if page.problems else 200


@portal.get("/reviews")
def reviews_page() -> str:
    """List the reviews, decade by decade."""
    return render_template("reviews.html", page=reviews.build(current_library()))


@portal.get("/reviews/<review_id>")
def review_page(review_id: str) -> ResponseReturnValue:
    """Show one review; the address of one that was merged leads on to what it is part of."""
    into = merged_into(current_library().store, review_id)
    if into is not None:
        return redirect(url_for("portal.review_page", review_id=into), 301)
    address = site_address() + url_for("portal.review_page", review_id=review_id)
    echo = request.args.get("echo", "")
    page = review.build(current_library(), review_id, page_url=address, echo=echo)
    return render_template("review.html", page=page)


@portal.get("/documents/<document_id>")
def document_page(document_id: str) -> str:
    """Show one document within its licence."""
    return render_template("document.html", page=document.build(current_library(), document_id))


@portal.get("/themes")
def themes_page() -> str:
    """List the themes."""
    return render_template("themes.html", page=themes.build(current_library()))


@portal.get("/themes/<theme_id>")
def theme_page(theme_id: str) -> str:
    """Show one theme with its reviews by stance and what stands near it."""
    page = theme.build(current_library(), theme_id, request.args)
    return render_template("theme.html", page=page)


@portal.get("/recurrence")
def matrix_page() -> str:
    """Show reviews against themes in date order, shares by period, and what came back."""
    return render_template("matrix.html", page=matrix.build(current_library(), request.args))


@portal.get("/compare")
def compare_page() -> str:
    """Set two periods, nations or themes side by side."""
    return render_template("compare.html", page=compare.build(current_library(), request.args))


@portal.get("/passages/<passage_id>")
def passage_page(passage_id: str) -> tuple[str, dict[str, str]]:
    """Show one passage; search engines are asked not to list it."""
    address = site_address() + url_for("portal.passage_page", passage_id=passage_id)
    page = passage.build(current_library(), passage_id, page_url=address)
    return render_template("passage.html", page=page), {"X-Robots-Tag": "noindex"}


@portal.get("/passages/<passage_id>/citation.<any(ris, bib):form>")
def passage_citation(passage_id: str, form: str) -> Response:
    """Give one passage's reference as a file."""
    address = site_address() + url_for("portal.passage_page", passage_id=passage_id)
    text = quote_citation.citation_file(current_library(), passage_id, form, page_url=address)
    return Response(
        text,
        content_type=f"{quote_citation.MEDIA_TYPES[form]}; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="throughline-passage.{form}"',
            "X-Robots-Tag": "noindex",
        },
    )


@portal.get("/sources")
def sources_page() -> str:
    """Show what is held by publisher and decade, what is missing, and what was taken away."""
    return render_template("sources.html", page=sources.build(current_library()))


@portal.get("/snapshots")
def snapshots_page() -> str:
    """List published snapshots with their files."""
    return render_template("snapshots.html", page=snapshots.build(current_library()))


@portal.get("/method")
def method_page() -> str:
    """Show how tags are made, how good they are and what they cannot tell."""
    return render_template("method.html", page=method.build(current_library()))


@portal.get("/about")
def about_page() -> str:
    """Show the content note, helplines and how to ask for a correction."""
    return render_template("about.html", page=about.build(current_library()))


@portal.app_template_global()
def figure_warnings() -> tuple[str, ...]:
    """Say what readers of figures must know: fields that vanished from a source."""
    return collapse_warnings(current_library().store)


@portal.app_template_global()
def time_is_blocked() -> bool:
    """Whether dates vanished from a source, so that no picture over time may be shown."""
    return blocks_time(current_library().store)


@portal.app_template_global()
def stylesheet() -> str:
    """Address the stylesheet by its content, so that a browser never keeps an old one."""
    return static_address("throughline.css")


@portal.app_template_global()
def charts_script() -> str:
    """Address the script that makes figures answer; every figure is whole without it."""
    return static_address("charts.js")


def static_address(name: str) -> str:
    """Address a file of ``static/`` by its content."""
    return url_for("static", filename=name, v=_version_of(name))


@cache
def _version_of(name: str) -> str:
    return sha256_text((files("web") / "static" / name).read_text(encoding="utf-8"))[:8]


@portal.app_template_global()
def main_nav() -> list[NavLink]:
    """The links of the page head, in order."""
    return nav_links()
