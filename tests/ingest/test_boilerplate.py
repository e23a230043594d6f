import pytest

from corpus.model import Kind
from ingest.boilerplate import label_blocks
from ingest.extracted import Block, BlockKind


def heading(text: str, level: int = 2) -> Block:
    return Block(text=text, kind=BlockKind.HEADING, level=level)


def kinds(blocks: list[Block], kind: Kind = Kind.NEWS) -> list[str | None]:
    return [label.kind if label else None for label in label_blocks(blocks, kind)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Photo by R Ivers/AdobeStock", "caption"),
        ("Picture: A Porter", "caption"),
        ("Morgan Vale, chief executive of the Lantern Trust, 2024-25", "caption"),
        ("The trust’s director (photo supplied by the trust)", "caption"),
        ("By Sasha Field", "by-line"),
        ("By Sasha Field and Kim Lea on 3 May 2020", "by-line"),
        ("There is a poll embedded within this post, please visit the site.", "poll"),
        ("What are your views on how surgeries and schools share?", "call-for-comments"),
        ("Tell us what you make of it in the comments below.", "call-for-comments"),
        ("You can respond to the consultation by emailing: a@b.example", "consultation-response"),
        ("Sign up to our weekly newsletter", "promo"),
        ("Email our reporter at kit@harbour.example", "promo"),
        ("Related: Surgeries told to write", "related-link"),
        (
            "We use cookies to improve this website. Change your settings.",
            "cookie-notice",
        ),
        ("Concerned about a child? Call 0800 000 000", "helpline"),
        ("If you are worried about a child, please ring the helpline on 0808 000 000.", "helpline"),
        ("© Harbour Partnership 2021", "legal-notice"),
        ("Skip to content", "site-furniture"),
        ("Introduction ................ 3", "contents"),
        ("4 of 12", "fragment"),
        ("Independent reviewer: Kim Lea", "by-line"),
        ("12 September 2022", "date-line"),
        ("Harbour Partnership: learning from Elm – page 1", "site-furniture"),
        ("Published: 2 Sept 2025 | Last updated: 31/12/2025", "site-furniture"),
        ("CAMHS | Child and adolescent mental health services", "glossary"),
        ("MASH – Multi-Agency Safeguarding Hub", "glossary"),
        ("GPs General practitioners", "glossary"),
        ("Yes: 61% (214 votes)", "poll"),
    ],
)
def test_what_is_printed_around_the_words_is_known_by_its_form(text: str, kind: str) -> None:
    assert kinds([Block(text=text)]) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "By March the school had written to the surgery three times.",
        "The photograph was shown to the nurse, who did not pass it on.",
        "The aunt called the helpline in June and was told to ring the police.",
        "Morgan Vale, director of the trust, told the panel that no letter had come.",
        "A poll of 412 readers found that most had never had an answer.",
        "The consultation on sharing records closes on 6 September.",
        "The social worker did not respond to the inquiry that the school had made.",
        "Share information with the surgery when a child is at risk.",
        "“Nobody told us,” said the head teacher…",
        "The review had access to the mother’s e-mail to the nurse (picture a family in fear).",
        "References to consent in the minutes were taken as the end of the matter.",
        "MASH | Referral received from the school, and no letter sent in answer",
        "CAMHS: no reply came to either of the two letters that it was sent",
        "No agency told the surgery, though 61% of them had the address",
    ],
)
def test_sentences_that_only_resemble_it_are_passages(text: str) -> None:
    assert kinds([Block(text=text)]) == [None]


def test_promo_box_ends_at_its_address_and_the_article_goes_on() -> None:
    blocks = [
        heading("Share your working day"),
        Block(text="Would you like to write about a week on a duty desk?"),
        Block(text="If so, email Kit Moss at kit@harbour.example"),
        Block(text="The department has promised guidance on the matter by the summer."),
    ]
    assert kinds(blocks) == ["promo", "promo", "promo", None]


def test_promo_box_without_an_address_ends_at_the_next_heading() -> None:
    blocks = [
        heading("Celebrate your supervisor"),
        Block(text="Do you know a supervisor who kept you going?"),
        Block(text="Nominate them by filling in our short form."),
        heading("What the trust proposes"),
        Block(text="The trust set out three steps for surgeries."),
    ]
    assert kinds(blocks) == ["promo", "promo", "promo", "heading", None]


def test_guidance_that_gives_orders_is_no_promo_box() -> None:
    blocks = [
        heading("Share what you know"),
        Block(text="Say what you know to those who need it, and write down that you did."),
        heading("Tell your manager"),
        Block(text="Your manager can help where an agency does not answer."),
    ]
    assert kinds(blocks, Kind.GUIDANCE) == ["heading", None, "heading", None]


def test_reviews_have_no_promo_boxes() -> None:
    blocks = [
        heading("Tell us once"),
        Block(text="Staff could write to one@board.example."),
    ]
    assert kinds(blocks, Kind.REVIEW) == ["heading", None]


def test_reference_and_glossary_sections_end_at_a_heading_of_their_depth() -> None:
    blocks = [
        heading("7. References", 1),
        Block(text="Reed, A. (2004) Letters that nobody opened. Harbour Press."),
        heading("Reports", 2),
        Block(text="Moss, K. (2009) What the school was told. Harbour Press."),
        heading("Appendix B: Glossary", 1),
        Block(text="Strategy meeting: where agencies decide what to do next."),
        heading("Recommendations", 1),
        Block(text="The surgery should answer every letter from a school."),
    ]
    assert kinds(blocks, Kind.REVIEW) == [
        *("heading", "reference", "heading", "reference"),
        *("heading", "glossary", "heading", None),
    ]


def test_a_teaser_that_repeats_the_opening_is_dropped_once() -> None:
    opening = "Surgeries will have to answer every letter from a school within a day, it was said"
    blocks = [Block(text=opening + "…"), Block(text=opening + " on Monday.")]
    assert kinds(blocks) == ["teaser", None]


def test_a_pulled_quote_is_dropped_but_equal_numbered_paragraphs_stay() -> None:
    words = "Nobody at the surgery had opened the letter that the school sent."
    assert kinds([Block(text=words), Block(text=words)]) == [None, "repeated"]
    numbered = [Block(text=words, paragraph="1.1"), Block(text=words, paragraph="2.1")]
    assert kinds(numbered, Kind.REVIEW) == [None, None]


def test_a_first_row_of_column_names_is_no_passage_and_one_with_a_finding_is() -> None:
    def row(text: str) -> Block:
        return Block(text=text, kind=BlockKind.ROW)

    finding = row("Write to the surgery before the child comes home. | Ward | May 2024")
    assert kinds([row("Recommendation | Lead | By when"), finding]) == ["table-head", None]
    assert kinds([row("Surgery never wrote back. | Ward"), finding]) == [None, None]
    assert kinds([finding, row("Ward was not told | Surgery"), finding])[1] is None
