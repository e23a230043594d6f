"""How fast files become documents, beside the bare libraries on the same bytes.

Run it by hand: ``python tests/benchmarks/ingest.py [--pages 200] [--articles 200]``. Every
measurement runs in a process of its own, so that its peak memory is its own; that of PDFs
counts the child process that reads them. Pages and articles are of invented words, the same
on every machine.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

# In place of this folder, where the name of this very file would stand for the package.
sys.path[0] = str(Path(__file__).parents[1] / "support")

SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo")


def sentences(chance: random.Random, words: int) -> str:
    """Invented words in sentences of ten."""
    made = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(words)]
    tens = [made[at : at + 10] for at in range(0, words, 10)]
    return " ".join(" ".join(ten).capitalize() + "." for ten in tens)


def make_articles(count: int) -> Iterator[str]:
    """News pages with what stands around their text."""
    chance = random.Random(1)
    for number in range(count):
        paragraphs = "".join(f"<p>{sentences(chance, 60)}</p>" for _ in range(15))
        items = "".join(f"<li>{sentences(chance, 20)}</li>" for _ in range(5))
        links = "".join(f"<li><a href='/{n}'>{sentences(chance, 4)}</a></li>" for n in range(40))
        yield (
            f"<html><head><title>Article {number}</title>"
            '<meta property="article:published_time" content="2024-03-05T08:00:00+00:00"></head>'
            f"<body><nav><ul>{links}</ul></nav><main><article><h1>Article {number}</h1>{paragraphs}"
            f"<ol>{items}</ol></article></main><footer><p>{sentences(chance, 30)}</p></footer>"
            "</body></html>"
        )


def make_report(pages: int) -> bytes:
    """A report of numbered paragraphs, about three thousand characters a page."""
    from files import report_pdf

    chance = random.Random(2)
    parts = []
    for chapter in range(1, pages + 1):
        parts += [("Numbered", f"{chapter}.{n} {sentences(chance, 75)}") for n in range(1, 8)]
        parts.append(("break", ""))
    return report_pdf(parts, head="An invented report")


def html_ours(articles: list[str]) -> int:
    """Extract, segment and build."""
    from corpus.model import Kind
    from ingest.extract.html import extract_html
    from ingest.segment import segment_blocks

    return sum(len(segment_blocks(extract_html(a).blocks, Kind.NEWS).text) for a in articles)


def html_bare(articles: list[str]) -> int:
    """trafilatura alone, with its metadata, as text."""
    import trafilatura

    def read(article: str) -> str | None:
        return trafilatura.extract(article, with_metadata=True, include_comments=False)

    return sum(len(read(article) or "") for article in articles)


def pdf_ours(report: bytes) -> int:
    """Read in the child, lay out, segment."""
    from corpus.model import Kind
    from ingest.extract.pdf import extract_pdf
    from ingest.segment import segment_blocks

    return len(segment_blocks(extract_pdf(report).blocks, Kind.REVIEW).text)


def pdf_bare(report: bytes) -> int:
    """pypdfium2 alone, every page's text in the file's order."""
    import pypdfium2

    document = pypdfium2.PdfDocument(report)
    return sum(len(page.get_textpage().get_text_range()) for page in document)


def cpu_seconds() -> float:
    """Processor time of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def measure(task: str, pages: int, articles: int) -> dict[str, float]:
    """Run one task in this process; seconds exclude making the input and one warm-up."""
    calls: dict[str, Callable[[], int]]
    if task.startswith("html"):
        made = list(make_articles(articles))
        one = made[:1]
        calls = {"html-ours": lambda: html_ours(made), "html-bare": lambda: html_bare(made)}
        warm_up = html_ours if task == "html-ours" else html_bare
        warm_up(one)
    else:
        report = make_report(pages)
        calls = {"pdf-ours": lambda: pdf_ours(report), "pdf-bare": lambda: pdf_bare(report)}
    began, used = time.perf_counter(), cpu_seconds()
    chars = calls[task]()
    seconds = time.perf_counter() - began
    used = cpu_seconds() - used
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {
        "seconds": seconds,
        "cpu": used,
        "chars": chars,
        "own_mb": own / 1024,
        "child_mb": child / 1024,
    }


def main() -> None:
    """Measure each in its own process and print one line a task."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--task")
    options = parser.parse_args()
    if options.task:
        sys.stdout.write(json.dumps(measure(options.task, options.pages, options.articles)))
        return
    for task in ("html-bare", "html-ours", "pdf-bare", "pdf-ours"):
        sizes = [f"--pages={options.pages}", f"--articles={options.articles}"]
        done = subprocess.run(
            [sys.executable, __file__, "--task", task, *sizes], capture_output=True, check=True
        )
        found = json.loads(done.stdout)
        rate = (options.articles if task.startswith("html") else 1) / found["seconds"]
        child = f" + {found['child_mb']:.0f} MB in the child" if task == "pdf-ours" else ""
        sys.stdout.write(
            f"{task:<10} {found['seconds']:7.2f} s  (processor {found['cpu']:.2f} s)  "
            f"{rate:8.2f} documents a second  "
            f"{found['chars']:>9.0f} characters  peak {found['own_mb']:.0f} MB{child}\n"
        )


if __name__ == "__main__":
    main()
