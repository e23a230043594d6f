"""Take the README's three screenshots from a portal that serves the shipped catalogue.

While ``throughline demo`` serves: ``python tests/evals/screenshots.py``.
"""

import argparse
import io
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from browsing import chromium
from PIL import Image

FIGURES = Path(__file__).parents[2] / "docs" / "figures"
PAGES = {
    "recurrence": "/recurrence#years",
    "theme": "/themes/not-shared-between-agencies#recurrence",
    "search": "/search?q=staff+would+not+pass+it+on+because+the+parents+had+not+agreed",
}
WIDTH, HEIGHT = 1280, 1100
COLOURS = 64
"""Enough for a page without photographs, at a third of the bytes."""


def take(address: str, folder: Path) -> None:
    """Write one PNG a page of :data:`PAGES`, 1280 px wide, in light colours."""
    with chromium() as browser:
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT},
            color_scheme="light",
            reduced_motion="reduce",  # else a page is caught on its way to its anchor
            base_url=address,
        )
        for name, path in PAGES.items():
            page.goto(path, wait_until="networkidle")
            with Image.open(io.BytesIO(page.screenshot())) as picture:
                small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            small.save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="http://127.0.0.1:8000")
    take(parser.parse_args().address, FIGURES)
