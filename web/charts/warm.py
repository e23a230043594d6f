"""Drawing the first pictures before anybody asks: after the start, never at import."""

import threading

from corpus.errors import ThroughlineError
from web.charts.draw import bundle, svg
from web.charts.figure import Look
from web.charts.gallery import time_figure
from web.holdings import Library
from web.recurring import RecurrenceQuestion

LOOKS = tuple(Look(scheme=s, narrow=n) for n in (False, True) for s in ("light", "dark"))
"""Every look that pages ask for."""

_FIRST = ("strips", "share", "shares", "again")


def warm_in_background(library: Library) -> threading.Thread:
    """Draw what the home and recurrence pages show, while the server already answers."""
    thread = threading.Thread(target=warm, args=(library,), name="warm-charts", daemon=True)
    thread.start()
    return thread


def warm(library: Library) -> None:
    """Draw the charts without filters in every look, and make the script."""
    bundle()
    for name in _FIRST:
        try:
            figure = time_figure(library, name, RecurrenceQuestion())
        except ThroughlineError:
            continue  # readers are told on the page
        for look in LOOKS:
            svg(figure, look)
