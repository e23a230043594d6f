"""The desk as a part of the application."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, Flask

from corpus.coding_items import ItemState
from web.desk.coding import add_coding
from web.desk.doors import add_doors, add_limits
from web.desk.echoes import add_echoes
from web.desk.lead import add_lead
from web.desk.sessions import DESK, add_sessions
from web.words import ATTRIBUTIONS, LEVELS, STANCES

STATE_WORDS: Mapping[ItemState, str] = MappingProxyType(
    {
        ItemState.OPEN: "open",
        ItemState.UNSURE: "not sure",
        ItemState.DECIDED: "decided",
        ItemState.SETTLED: "settled by a lead",
        ItemState.REPLACED: "replaced by a newer text",
    }
)

desk = Blueprint("desk", __name__, url_prefix=DESK)
add_doors(desk)
add_coding(desk)
add_echoes(desk)
add_lead(desk)


@desk.context_processor
def words() -> dict[str, object]:
    """Say in words what the desk's pages show as codes."""
    return {
        "state_words": STATE_WORDS,
        "stances": [(stance.value, words.label) for stance, words in STANCES.items()],
        "levels": [(level.value, words) for level, words in LEVELS.items()],
        "attributions": [(who.value, words) for who, words in ATTRIBUTIONS.items()],
        "stance_words": {stance: words.label.lower() for stance, words in STANCES.items()},
    }


def add_desk(app: Flask) -> None:
    """Serve the coding desk; without an account it is off, and says how to add one."""
    add_sessions(app)
    add_limits(app)
    app.register_blueprint(desk)
