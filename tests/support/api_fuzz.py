"""Schemathesis over the whole OpenAPI document, in process."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from portal_world import PortalWorld
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks


@dataclass
class FuzzReport:
    """What was tried, and what came back."""

    cases: int = 0
    by_status: Counter[int] = field(default_factory=Counter)
    operations: int = 0


CHECKS = (
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
)


def fuzz_api(world: PortalWorld, *, cases: int, seed_number: int = 1) -> FuzzReport:
    """Ask every operation ``cases`` times, half with what its schema allows and half not.

    Every second path has ids that are held, so that answers and not only refusals are
    compared with their schemas.

    Raises:
        AssertionError: naming the request, where one answer is a 5xx or not as documented.
    """
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", world.app)
    report = FuzzReport()
    passage = world.digest_2003[0]
    held = {
        "theme_id": "siloed-decisions",
        "review_id": "ann-example-1974",
        "document_id": passage.document_id,
        "passage_id": passage.passage_id,
    }
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        report.operations += 1
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            _fuzz(operation, mode, held, report, cases=(cases + 1) // 2, seed_number=seed_number)
    return report


def _fuzz(
    operation: Any,
    mode: GenerationMode,
    held: dict[str, str],
    report: FuzzReport,
    *,
    cases: int,
    seed_number: int,
) -> None:
    # What has to be held is found by chance never, and tried by the tests that know its ids.
    names = {each.name for each in operation.query} - {"cursor", "snapshot"}
    if mode is GenerationMode.NEGATIVE and not names:
        return

    @seed(seed_number)
    @settings(
        max_examples=cases,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operation.as_strategy(generation_mode=mode),
        known=st.booleans(),
        kept=st.sets(st.sampled_from(sorted(names) or ["none"]), max_size=3),
    )
    def ask(case: Any, known: bool, kept: set[str]) -> None:
        if mode is GenerationMode.POSITIVE:
            # With a dozen parameters at once, hardly any question fits together.
            case.query = {name: v for name, v in (case.query or {}).items() if name in kept}
        for name in case.path_parameters or {}:
            if known and name in held:
                case.path_parameters[name] = held[name]
        # What the WSGI client gets packed it does not unpack.
        response = case.call(headers={"Accept-Encoding": "identity"})
        report.cases += 1
        report.by_status[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    ask()
