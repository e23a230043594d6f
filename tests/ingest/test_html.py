import pytest

from corpus.dates import PartialDate
from corpus.errors import SourceError
from corpus.model import Kind
from ingest.extract.html import extract_html
from ingest.extracted import BlockKind
from ingest.segment import segment_blocks

REVIEW = (
    "<html lang='en'><head><title>Review <script>alert(1)</script></title></head><body><article>"
    "<h1>Child safeguarding practice review</h1>"
    + "".join(
        f"<p>{number}.1 The school nurse held the clinic letter for {number} weeks and the social "
        f"worker was never told &lt;img src=x onerror=alert({number})&gt;.</p>"
        for number in range(1, 9)
    )
    + "</article></body></html>"
)
ARTICLE = """<html lang="en"><head>
<meta property="og:title" content="Surgeries told to write back">
<meta property="og:site_name" content="Harbour Practice News">
<meta property="article:published_time" content="2024-03-05T08:00:00+00:00">
<meta name="author" content="Sasha Field">
<link rel="canonical" href="https://www.harbour-practice.example/2024/03/05/write-back/?utm_source=x">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x"}</script>
</head><body>
<nav><ul><li>Home</li><li>Jobs for people who share information</li></ul></nav>
<div class="cookie-banner"><p>We use cookies to share information with our partners.</p></div>
<main class="has-sidebar"><article class="post">
<h1>Surgeries told to write back</h1>
<p>Surgeries should answer every letter from a school within a day,&nbsp;a charity has said in
its <em>first</em> report on the matter this year.</p>
<p style="display: none">Buy cheap lottery numbers from our partners here today.</p>
<figure><img src="a.jpg"><figcaption>A surgery’s letter box</figcaption></figure>
<h2>What was found</h2>
<p>Half of the letters were never opened, and a third came back.</p>
<ul><li>Letters went to the wrong house
<ul><li>and were not sent on</li></ul></li><li>Nobody rang to ask</li></ul>
<table><tr><th>District</th><th>Letters</th></tr>
<tr><td>North</td><td>12 sent, 3 answered</td></tr></table>
<p>2.5 million letters are sent in a year.<br><br>Nobody counts the answers to them at all.</p>
<aside><p>Read more about sharing information in our magazine.</p></aside>
</article><div id="comments"><p>I never get an answer when I write, said a reader.</p></div></main>
<footer><p>Copyright Harbour Practice News, which shares information.</p></footer>
</body></html>"""
OPENING = (
    "Surgeries should answer every letter from a school within a day, a charity has said in its "
    "first report on the matter this year."
)


def test_a_numbered_review_gives_eight_passages_with_their_numbers_and_exact_words() -> None:
    extracted = extract_html(REVIEW)
    segmented = segment_blocks(extracted.blocks, Kind.REVIEW)
    assert extracted.raw_title == "Child safeguarding practice review"
    assert [segment.paragraph for segment in segmented.segments] == [
        f"{number}.1" for number in range(1, 9)
    ]
    first = segmented.segments[0]
    assert segmented.text[first.start_char : first.end_char] == (
        "The school nurse held the clinic letter for 1 weeks and the social worker was never told "
        "<img src=x onerror=alert(1)>."
    )


def test_an_article_gives_its_own_words_in_order_and_nothing_around_them() -> None:
    blocks = extract_html(ARTICLE).blocks
    assert [(block.kind.value, block.text) for block in blocks] == [
        ("heading", "Surgeries told to write back"),
        ("paragraph", OPENING),
        ("caption", "A surgery’s letter box"),
        ("heading", "What was found"),
        (
            "paragraph",
            "Half of the letters were never opened, and a third came back.",
        ),
        ("item", "Letters went to the wrong house"),
        ("item", "and were not sent on"),
        ("item", "Nobody rang to ask"),
        ("table-head", "District | Letters"),
        ("row", "North | 12 sent, 3 answered"),
        ("paragraph", "2.5 million letters are sent in a year."),
        ("paragraph", "Nobody counts the answers to them at all."),
    ]


def test_what_the_page_states_of_itself_is_kept_with_its_source() -> None:
    extracted = extract_html(ARTICLE)
    assert extracted.identity == "https://harbour-practice.example/2024/03/05/write-back"
    assert str(extracted.published) == "2024-03-05"
    assert extracted.published_from == "page metadata"
    assert (extracted.author, extracted.publisher) == ("Sasha Field", "Harbour Practice News")
    assert extracted.is_news


def test_a_date_that_the_text_mentions_is_not_the_date_of_the_page() -> None:
    page = "<html><body><h1>Review</h1><p>On 4 May 2019 the school wrote to the surgery.</p></body>"
    assert extract_html(page).published is None


def test_an_address_that_is_not_of_a_page_is_not_kept() -> None:
    page = '<link rel="canonical" href="javascript:alert(1)"><p>No answer came at all.</p>'
    assert extract_html(page).url is None


def test_a_page_without_text_is_refused() -> None:
    with pytest.raises(SourceError, match="without text"):
        extract_html("<html><body><script>document.write('x')</script></body></html>")


def test_order_of_reading_does_not_change_what_is_read() -> None:
    first = extract_html(ARTICLE)
    extract_html(REVIEW)
    assert extract_html(ARTICLE) == first
    assert first.blocks[0].kind is BlockKind.HEADING


def test_a_site_about_social_work_and_a_page_inside_a_form_are_read() -> None:
    page = (
        "<body><form id='aspnetForm'><div class='social-links'><p>Follow us for more.</p></div>"
        "<div class='category-social-work'><p>The surgery never wrote back to the school.</p>"
        "<label>Search</label><input name='q'></div></form></body>"
    )
    assert [block.text for block in extract_html(page).blocks] == [
        "The surgery never wrote back to the school."
    ]


def test_numbers_that_browsers_print_or_publishers_set_apart_are_kept() -> None:
    page = """<html><body><main><h1>Review of letters</h1>
    <p>4.12</p><p>The surgery never heard from the school about the boy.<sup>3</sup></p>
    <table><tr><td>4.13</td><td>Nobody rang the school on the 3<sup>rd</sup> of March.</td></tr>
    </table><ol start="2"><li>The surgery should answer every letter.</li>
    <li>The school should keep the answers.</li></ol>
    <div class="footnotes"><ol><li>Audit office (2019) Letters and answers.</li></ol></div>
    </main></body></html>"""
    blocks = extract_html(page).blocks[1:]
    assert [(b.kind.value, b.paragraph, b.text) for b in blocks] == [
        ("paragraph", "4.12", "The surgery never heard from the school about the boy."),
        ("row", "4.13", "Nobody rang the school on the 3rd of March."),
        ("item", "2", "The surgery should answer every letter."),
        ("item", "3", "The school should keep the answers."),
        ("footnote", None, "Audit office (2019) Letters and answers."),
    ]


def test_a_publisher_with_a_rule_is_read_by_it() -> None:
    page = """<html><head><link rel="canonical" href="https://www.gov.uk/a/b"></head><body>
    <main><p>Get emails about this page whenever somebody at the department changes it.</p>
    <div id="contents"><nav class="gem-c-contents-list"><p>Letters that nobody opened</p></nav>
    <div class="govspeak"><p>1.1 The surgery never heard from the school.</p></div></div>
    </main></body></html>"""
    extracted = extract_html(page)
    assert [(b.paragraph, b.text) for b in extracted.blocks] == [
        ("1.1", "The surgery never heard from the school.")
    ]


@pytest.mark.parametrize(
    ("head", "line", "date", "stated_in", "marks"),
    [
        ("", "Published: 5 March 2021", "2021-03-05", "page", ()),
        ("", "Published: 2 Sept 2025 | Last updated: 3/10/2025", "2025-09-02", "page", ()),
        ("", "Last updated: 3 May 2025 · Published: 5 March 2021", "2021-03-05", "page", ()),
        ("", "Published 31 February 2021", None, None, ("unreadable-date",)),
        ("2024-03-05", "Published: 5 March 2021", "2024-03-05", "page metadata", ()),
        ("soon", "The letters came on 5 March 2021.", None, None, ("unreadable-date",)),
    ],
)
def test_x7_a_date_is_taken_where_the_page_states_it_and_never_guessed(
    head: str, line: str, date: str | None, stated_in: str | None, marks: tuple[str, ...]
) -> None:
    meta = f'<meta property="article:published_time" content="{head}">' if head else ""
    extracted = extract_html(
        f"<html><head>{meta}</head><body><article><h1>Letters</h1><p>{line}</p>"
        "<p>The surgery never heard from the school about the boy in that year.</p>"
        "</article></body></html>"
    )
    assert extracted.published == (PartialDate.parse(date) if date else None)
    assert (extracted.published_from, extracted.marks) == (stated_in, marks)
