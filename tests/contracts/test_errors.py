from collections import Counter

from web.errors import STATUS_BY_FAMILY, status_of
from web.reference import all_errors


def test_every_error_has_a_code_of_its_own() -> None:
    codes = Counter(error.code for error in all_errors())
    assert [code for code, count in codes.items() if count > 1] == []


def test_every_error_but_the_root_has_a_status() -> None:
    families = tuple(STATUS_BY_FAMILY)
    assert [e.__name__ for e in all_errors()[1:] if not issubclass(e, families)] == []


def test_every_error_says_what_it_is() -> None:
    assert [e.__name__ for e in all_errors() if not (e.__doc__ or "").strip()] == []


def test_a_status_follows_the_family() -> None:
    for error in all_errors()[1:]:
        assert 400 <= status_of(error).value < 600
