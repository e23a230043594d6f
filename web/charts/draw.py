"""Specifications as SVG and PNG, and the script that makes charts answer: each made once."""

import gzip
import json
import threading
from functools import cache, lru_cache
from importlib.metadata import version
from xml.sax.saxutils import escape

from corpus.ids import sha256_text
from web.charts.figure import ChartFigure, Look

_KEPT = 256
"""Pictures kept, of some tens of kilobytes each."""

# vl-convert runs one JavaScript engine: two at once would only wait for each other, and
# two readers of one new chart would have it drawn twice.
_DRAWING = threading.Lock()

_SNIPPET = "window.throughlineEmbed = vegaEmbed;"
"""Under a name of our own: the bundle gives the page nothing else."""


def spec_text(figure: ChartFigure, look: Look) -> str:
    """A figure's specification as JSON that is equal for equal charts."""
    return json.dumps(figure.draw(look), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def svg(figure: ChartFigure, look: Look) -> str:
    """Draw a figure as SVG, with its title and sentence for those who hear it."""
    with _DRAWING:
        picture = _svg(spec_text(figure, look))
    head, rest = picture.split(">", 1)
    words = f"<title>{escape(figure.title)}</title><desc>{escape(figure.summary)}</desc>"
    return f'{head} role="img">{words}{rest}'


def png(figure: ChartFigure) -> bytes:
    """Draw a figure as PNG: light, wide, and twice as sharp as a screen's pixel."""
    with _DRAWING:
        return _png(spec_text(figure, Look()))


# Kept by content: a write that does not touch the chart's data draws nothing anew.
@lru_cache(maxsize=_KEPT)
def _svg(spec: str) -> str:
    import vl_convert  # noqa: PLC0415 - half a second with its engine

    # No address is ever asked: the data stand in the specification.
    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))


@lru_cache(maxsize=_KEPT // 8)
def _png(spec: str) -> bytes:
    import vl_convert  # noqa: PLC0415

    return bytes(vl_convert.vegalite_to_png(spec, scale=2, allowed_base_urls=[]))


@cache
def bundle_name() -> str:
    """The name of the script bundle: another one whenever its content may be another."""
    return f"vega-{sha256_text(version('vl-convert-python') + _SNIPPET)[:12]}.js"


@cache
def bundle() -> tuple[bytes, bytes]:
    """The script that vl-convert carries, plain and as gzip: a second to make, so once only."""
    import vl_convert  # noqa: PLC0415

    with _DRAWING:
        text = vl_convert.javascript_bundle(_SNIPPET).encode()
    return text, gzip.compress(text, 9, mtime=0)
