import pytest

from ingest.clean import clean_titles

REST = "Clinics to tell schools sooner"


@pytest.mark.parametrize(
    ("served", "rule"),
    [
        ("快乐赛马77直播开奖 " + REST, "TITLE-001"),
        ("無料の占い館 " + REST, "TITLE-001"),
        ("Ставки777 " + REST, "TITLE-002"),
        ("ставки на спорт 777 онлайн " + REST, "TITLE-002"),
        (REST + " - 快乐赛马77直播开奖", "TITLE-003"),
    ],
)
def test_injected_text_is_taken_off_and_the_rule_recorded(served: str, rule: str) -> None:
    cleaned = clean_titles([served], language="en-GB")[0]
    assert (cleaned.title, cleaned.raw, cleaned.rule) == (REST, served, rule)
    assert cleaned.injected


@pytest.mark.parametrize(
    "served",
    [
        REST,
        "2024 review of 12 deaths",
        "Gwybodaeth i rieni a gofalwyr",
        "Информация для родителей",
        "اردو Leaflet for parents",
        "Zażółć gęślą jaźń 7",
        "Serious case review: Child 安",
        "快乐赛马77直播开奖",
    ],
)
def test_titles_as_publishers_write_them_are_left_alone(served: str) -> None:
    cleaned = clean_titles([served], language=None)[0]
    assert (cleaned.title, cleaned.raw, cleaned.rule) == (served, None, None)


def test_a_channel_in_another_language_keeps_its_script() -> None:
    served = "安全通报2024年第3期 Clinic letters"
    assert clean_titles([served], language="zh-CN")[0].title == served


def test_a_short_foreign_opening_shared_by_two_titles_is_injected() -> None:
    cleaned = clean_titles(["赌 8 win One clinic", "赌 8 win Two schools"], language="en")
    assert [title.title for title in cleaned] == ["One clinic", "Two schools"]
    assert {title.rule for title in cleaned} == {"TITLE-004"}


def test_a_gambling_suffix_shared_by_two_titles_is_injected() -> None:
    cleaned = clean_titles(["One clinic - best casino", "Two schools - best casino"], language="en")
    assert [title.title for title in cleaned] == ["One clinic", "Two schools"]


def test_an_opening_that_a_publisher_gives_to_two_titles_stays() -> None:
    served = ["Serious case review: Child A", "Serious case review: Child B"]
    assert [title.title for title in clean_titles(served, language="en")] == served


def test_controls_of_reading_direction_are_taken_out_but_are_no_tampering() -> None:
    cleaned = clean_titles(["Letters \u202ereven\u202c read\x00"], language="en")[0]
    assert (cleaned.title, cleaned.rule) == ("Letters reven read", "TITLE-005")
    assert not cleaned.injected
