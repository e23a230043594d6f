from samples import make_code, make_document, make_finding, make_judgement

from corpus.codings import adjudicate
from corpus.findings import findings_of
from corpus.model import Stance
from corpus.store import Store


def test_without_a_judgement_the_machines_confident_findings_stand(store: Store) -> None:
    document, (passage,) = make_document(["The letter was not sent."])
    store.add_document(document, [passage])
    sure = make_finding(passage)
    unsure = make_finding(passage, make_code("shared-too-late"), confident=False, score=0.3)
    store.put_findings({passage.passage_id: [sure, unsure]}, tagger_version="t1")

    assert findings_of(store, [passage.passage_id]) == {passage.passage_id: [sure]}
    both = findings_of(store, [passage.passage_id], include_possible=True)
    assert both == {passage.passage_id: [sure, unsure]}


def test_the_newest_judgement_stands_before_the_machine(store: Store) -> None:
    document, (passage,) = make_document(["The letter was not sent."])
    store.add_document(document, [passage])
    store.put_findings({passage.passage_id: [make_finding(passage)]}, tagger_version="t1")
    code = make_code("loop-not-closed", Stance.BACKGROUND)
    store.add_judgement(make_judgement(passage, make_code("siloed-decisions"), coder="a"))
    store.add_judgement(make_judgement(passage, code, coder="b"))

    (found,) = findings_of(store, [passage.passage_id])[passage.passage_id]
    assert (found.code, found.coder, found.score, found.confident) == (code, "b", None, True)


def test_a_judgement_of_no_theme_silences_the_machine(store: Store) -> None:
    document, (passage,) = make_document(["The letter was not sent."])
    store.add_document(document, [passage])
    store.put_findings({passage.passage_id: [make_finding(passage)]}, tagger_version="t1")
    store.add_judgement(make_judgement(passage))

    assert findings_of(store, [passage.passage_id], include_possible=True) == {}
    assert store.machine_findings([passage.passage_id]) != {}


def test_a_judgement_keeps_two_stances_on_one_theme(store: Store) -> None:
    document, (passage,) = make_document(["Staff should share, though few do."])
    store.add_document(document, [passage])
    codes = (make_code(stance=Stance.CHANGE_PROPOSED), make_code(stance=Stance.FAILING))
    store.add_judgement(make_judgement(passage, *codes))

    found = findings_of(store, [passage.passage_id])[passage.passage_id]
    assert {finding.code for finding in found} == set(codes)


def test_an_adjudication_stands_before_judgements_that_come_later(store: Store) -> None:
    document, (passage,) = make_document(["The letter was not sent."])
    store.add_document(document, [passage])
    decided = make_code("loop-not-closed", Stance.BACKGROUND)
    first = store.add_judgement(make_judgement(passage, make_code("siloed-decisions"), coder="a"))
    second = store.add_judgement(make_judgement(passage, coder="b"))
    adjudication = adjudicate(
        store, make_judgement(passage, decided, coder="lead"), [first, second]
    )
    store.add_judgement(make_judgement(passage, make_code("shared-too-late"), coder="c"))

    (found,) = findings_of(store, [passage.passage_id])[passage.passage_id]
    assert (found.code, found.coder) == (decided, "lead")
    before = findings_of(store, [passage.passage_id], judged_until=adjudication - 1)
    assert before == {}  # b's, the newest then, says that there is no theme
    newer = adjudicate(store, make_judgement(passage, coder="lead"), [first, second])
    assert newer > adjudication
    assert findings_of(store, [passage.passage_id]) == {}
