"""The catalogue that ships, with some invented documents, behind the portal: cheap to make.

What people coded in the catalogue stands. Every other code is stated here, so that nothing
that a test sees of it moves when the tagger is trained again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask
from samples import make_code, make_document, make_judgement, make_review
from stated_tagger import StatedTagger

from corpus.catalogue import add_catalogue, load_catalogue
from corpus.dates import PartialDate
from corpus.ids import ReviewId
from corpus.model import Attribution, Code, Kind, Level, LicenceTier, Passage, Stance
from corpus.settings import Settings
from corpus.store import Store, open_store
from nlp.analyse import analyse
from nlp.codebook import load_codebook
from web.app import create_app

FAILING, GOOD, CHANGE, BACKGROUND, NEGATED = (
    Stance.FAILING,
    Stance.GOOD_PRACTICE,
    Stance.CHANGE_PROPOSED,
    Stance.BACKGROUND,
    Stance.NEGATED,
)
REQUIRED, REFUSED = "consent-treated-as-required", "consent-refused-or-withdrawn"
NOT_HEARD, NOT_INFORMED = "wider-family-not-heard", "wider-family-not-informed"
ESCALATION, THRESHOLD = "no-challenge-or-escalation", "threshold-mismatch"
UNSEEN = "home-education-invisibility"
BETWEEN, MISREAD = "not-shared-between-agencies", "lost-in-translation"
THRESHOLD_CUE = "did not meet the threshold"

Said = tuple[str, tuple[Code, ...]]
"""A passage's words with its codes."""

CONSENT: Mapping[str, Said] = {
    "required": (
        (
            "The health visitor did not tell the school of the bruises because the mother had not "
            "given consent, and lack of consent was taken to stop staff sharing what they knew."
        ),
        (make_code(REQUIRED),),
    ),
    "refused": (
        (
            "When the father refused his consent, the drugs service stopped sharing anything with "
            "the social worker, and nobody asked whether it might share without it."
        ),
        (make_code(REFUSED),),
    ),
    "denied": (
        (
            "Lack of consent was not a barrier to sharing: staff in every agency passed on what "
            "they knew without waiting for it."
        ),
        (make_code(REQUIRED, NEGATED),),
    ),
    "proposed": (
        (
            "All agencies should tell their staff that lack of consent does not stop them sharing "
            "what a child’s safety needs."
        ),
        (make_code(REQUIRED, CHANGE, level=Level.SYSTEM),),
    ),
    "escalated": (
        (
            "The school nurse disagreed with the decision to close the case, used the escalation "
            "policy, and the case was opened again: this was good practice."
        ),
        (make_code(ESCALATION, GOOD),),
    ),
    "mentioned": (
        "The family moved twice in those years, and a cousin was home educated for a term.",
        (),
    ),
    "unseen": (
        (
            "Once she was electively home educated, no professional saw her for eleven months, and "
            "no agency knew that the others had not seen her either."
        ),
        (make_code(UNSEEN),),
    ),
    "judged": (
        "The referral was sent back twice because the two services drew the line elsewhere.",
        (make_code(THRESHOLD, CHANGE),),
    ),
    "threshold": (
        "Four contacts from the nursery " + THRESHOLD_CUE + " of the front door, and the nursery "
        "was not told why.",
        (make_code(THRESHOLD),),
    ),
}
"""An invented review’s paragraphs, by what each is there for."""

WIDER_FAMILY: Mapping[str, Said] = {
    "heard": (
        (
            "The grandmother rang three times about the wider family’s worries, and her calls were "
            "put down to a quarrel."
        ),
        (make_code(NOT_HEARD),),
    ),
    "informed": (
        (
            "The aunt who took the children in was told nothing of the convictions, nor was "
            "anybody else in the wider family."
        ),
        (make_code(NOT_INFORMED),),
    ),
    "system": (
        "Across the country the wider family is seldom told what professionals know.",
        (make_code(NOT_INFORMED, level=Level.SYSTEM),),
    ),
    "proposed": (
        "Every plan should say what the wider family is to be told.",
        (make_code(NOT_INFORMED, CHANGE, level=Level.SYSTEM),),
    ),
}
"""The same of an invented national review of two cases."""

OF_2023: Mapping[str, Mapping[str, Said]] = {
    "invented-first-2023": {
        "one": ("The clinic did not tell the school of the falls.", (make_code(BETWEEN),)),
        "two": ("Nor did the school tell the clinic of the absences.", (make_code(BETWEEN),)),
        "three": (
            "The letter’s medical terms were read as saying that all was well.",
            (make_code(MISREAD),),
        ),
    },
    "invented-second-2023": {
        "one": ("Housing kept the neighbours’ complaints to itself.", (make_code(BETWEEN),)),
    },
}
"""Two reviews of one year: three passages on one failing, of two reviews."""

NEWS: Said = (
    "The wider family of Ash and Bea was not listened to, a review has found.",
    (make_code(NOT_HEARD, attribution=Attribution.REPORTED),),
)
GUIDANCE: Said = (
    (
        "You do not need consent to share what a child’s safety needs, and lack of consent must "
        "not stop staff sharing it."
    ),
    (make_code(REQUIRED, BACKGROUND, level=Level.SYSTEM),),
)
DOOMED: Said = (
    "The lamplighter’s ledger of visits was kept by one agency and shown to none of the others.",
    (make_code(BETWEEN),),
)


@dataclass(frozen=True)
class AskedWorld:
    """The application, with the invented passages by what each is there for."""

    app: Flask
    store: Store
    data_dir: Path
    consent: Mapping[str, Passage]
    wider_family: Mapping[str, Passage]
    news: Passage
    guidance: Passage
    doomed: Passage


def make_asked_world(data_dir: Path) -> AskedWorld:
    """The catalogue and the invented documents, analysed, indexed and served."""
    store = open_store(data_dir)
    add_catalogue(store, codebook_version=load_codebook().version)
    consent = _add_review(store, "invented-case-2019", "Serious case review: Child Q9", CONSENT)
    wider = _add_review(
        store,
        "invented-national-2021",
        "National review: Ash Example and Bea Example",
        WIDER_FAMILY,
        review_type="national review",
        published="2021-03",
        case_names=("Ash Example", "Bea Example"),
        aliases=("Ash and Bea",),
    )
    (news,) = _add(
        store,
        [NEWS],
        identity="https://news.example.org/ash-and-bea",
        url="https://news.example.org/ash-and-bea",
        kind=Kind.NEWS,
        title="Family was not heard",
        publisher="An Invented Paper",
        review_id=ReviewId("invented-national-2021"),
        published=PartialDate.parse("2021-03-04"),
        licence_tier=LicenceTier.PRESS,
    )
    (guidance,) = _add(
        store,
        [GUIDANCE],
        identity="file:advice",
        kind=Kind.GUIDANCE,
        title="Invented advice to staff",
        publisher="An Invented Department",
        published=PartialDate.parse("2020"),
    )
    doomed = _add_review(
        store, "invented-gone-2018", "Serious case review: Child Q8", {"doomed": DOOMED}
    )
    for review_id, said in OF_2023.items():
        _add_review(store, review_id, f"Serious case review: {review_id}", said)
    # People looked at this one since: its page tells what each of them said.
    for stance, coder in ((BACKGROUND, "first-coder"), (FAILING, "second-coder")):
        code = make_code(THRESHOLD, stance)
        store.add_judgement(make_judgement(consent["judged"], code, coder=coder))
    analyse(store, data_dir, tagger=StatedTagger(_stated()), codebook=load_codebook())
    app = create_app(
        Settings(data_dir=data_dir, contact="corrections@example.org", api_requests_per_minute=0)
    )
    return AskedWorld(app, store, data_dir, consent, wider, news, guidance, doomed["doomed"])


def _stated() -> dict[str, tuple[Code, ...]]:
    """By text: what people coded in the catalogue, and what is stated here."""
    stated = {
        passage.text: hand_code.codes
        for entry in load_catalogue()
        for passage, hand_code in zip(entry.passages, entry.hand_codes, strict=True)
    }
    of_2023 = [one for said in OF_2023.values() for one in said.values()]
    invented = (*CONSENT.values(), *WIDER_FAMILY.values(), *of_2023, NEWS, GUIDANCE, DOOMED)
    return stated | dict(invented)


def _add_review(
    store: Store, review_id: str, title: str, said: Mapping[str, Said], **changes: object
) -> dict[str, Passage]:
    values: dict[str, object] = {"title": title, "published": review_id.rpartition("-")[2]}
    review = make_review(review_id, **(values | changes))  # type: ignore[arg-type]  # real fields
    store.add_review(review)
    passages = _add(
        store,
        list(said.values()),
        identity=f"file:{review_id}",
        title=f"{title}, overview report",
        publisher="An Invented Partnership",
        review_id=review.review_id,
        published=review.published,
    )
    return dict(zip(said, passages, strict=True))


def _add(store: Store, said: Sequence[Said], **document: object) -> list[Passage]:
    made, passages = make_document([text for text, _ in said], **document)  # type: ignore[arg-type]  # as above
    numbered = [
        replace(passage, paragraph=f"4.{number}", page=12 + number)
        for number, passage in enumerate(passages, 1)
    ]
    store.add_document(made, numbered)
    return numbered
