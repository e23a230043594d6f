"""The judged pairs of echoes, and the figures made of them."""

from echo_eval import Listed, precision_row, read_pairs

from corpus.catalogue.load import load_catalogue


def test_every_judged_pair_is_of_two_findings_that_ship() -> None:
    known = {
        f"{entry.review.review_id}/{passage.paragraph}"
        for entry in load_catalogue()
        for passage in entry.passages
    }
    pairs = read_pairs()
    assert {name for pair in pairs for name in (pair.finding, pair.echo)} <= known
    assert {pair.answer for pair in pairs} == {"same", "related", "different"}
    halves = {pair.finding.partition("/")[0]: set() for pair in pairs}  # type: ignore[var-annotated]
    for pair in pairs:
        halves[pair.finding.partition("/")[0]].add(pair.half)
    assert all(len(half) == 1 for half in halves.values())
    assert len({(pair.finding, pair.echo) for pair in pairs}) == len(pairs)


def test_an_empty_list_is_no_miss_and_an_unjudged_pair_is_not_right() -> None:
    row = precision_row(
        "r",
        [
            Listed("a", ("same", "related", "unjudged")),
            Listed("a", ()),
            Listed("b", ("different",)),
        ],
    )
    assert row[:2] == ["r", "2 of 3"]
    assert [cell.split()[0] for cell in row[2:6]] == ["0.50", "0.50", "0.25", "0.50"]
    assert row[6:] == ["1", "1"]
