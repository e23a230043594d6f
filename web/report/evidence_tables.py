"""The report's other tables: what moved, what is held, and the reviews and passages themselves."""

from corpus.export_files import FileColumn
from corpus.snapshots.changes import CAUSES
from web.report.data_table import ROW, DataTable, Record
from web.report.model import AnnualReport, Quote, ReviewFacts


def changes_table(report: AnnualReport) -> DataTable:
    """What moved since the snapshot before, split by cause."""
    parts = {
        "removed_documents": "documents that are no longer held",
        "new_documents": "documents that are new",
        "codebook": "the codebook",
        "model": "the model",
        "human_corrections": "people’s corrections",
    }
    return DataTable(
        name="changes",
        title="What moved since the snapshot before",
        columns=(
            FileColumn("since", "text", "The snapshot compared with."),
            *ROW[:3],
            FileColumn("figure", "text", "machine, human_checked or standing."),
            FileColumn("before", "whole", "Reviews then."),
            FileColumn("after", "whole", "Reviews in this report’s snapshot."),
            FileColumn("change", "whole", "The difference; the parts add up to it."),
            *(FileColumn(cause, "whole", f"The part of {parts[cause]}.") for cause in CAUSES),
        ),
        rows=tuple(
            {
                "since": report.change.since,
                "scope": move.scope,
                "theme": move.key,
                "label": move.label,
                "figure": move.figure,
                "before": move.before,
                "after": move.after,
                "change": move.after - move.before,
                **move.parts,
            }
            for move in report.change.moves
        ),
    )


def coverage_table(report: AnnualReport) -> DataTable:
    """What is held of the year."""
    return DataTable(
        name="coverage",
        title=f"What is held of {report.year}",
        columns=(
            FileColumn("by", "text", "nation, type, publisher or kind."),
            FileColumn("value", "text", "Which one."),
            FileColumn("reviews", "whole", "Reviews counted; empty where none can be."),
            FileColumn("documents", "whole", "Documents held; ours under their own kind alone."),
        ),
        rows=tuple(
            {"by": one.of, "value": one.value, "reviews": one.reviews, "documents": one.documents}
            for one in report.held.tallies
        ),
        of_reviews=("reviews",),
    )


_REVIEW_COLUMNS = (
    FileColumn("review_id", "text", "The review’s id."),
    FileColumn("title", "text", "Its title as published."),
    FileColumn("published", "text", "When, as precisely as it is known."),
    FileColumn("year", "whole", "The year that it counts for."),
    FileColumn("nation", "text", "Whose arrangements it examines."),
    FileColumn("type", "text", "What sort of review it is."),
    FileColumn("publisher", "text", "Who published it."),
    FileColumn("held_as", "text", "full text, digest (our restatement), or no usable text."),
    FileColumn("children", "whole", "How many children it is about, where its record states it."),
    FileColumn("machine_read", "text", "yes where the machine read all of it."),
    FileColumn("checked", "text", "yes where people judged all of it."),
    FileColumn("address", "text", "Its page."),
)


def reviews_table(report: AnnualReport) -> DataTable:
    """The reviews that the figures count."""
    title = f"The reviews of {report.period.name} that the figures count"
    rows = tuple(_review(one) for one in report.reviews)
    return DataTable(name="reviews", title=title, columns=_REVIEW_COLUMNS, rows=rows)


def missing_table(report: AnnualReport) -> DataTable:
    """Reviews on the register without usable text."""
    title = f"Reviews of {report.year} on the register without usable text"
    rows = tuple(_review(one) for one in report.held.missing)
    return DataTable(name="missing", title=title, columns=_REVIEW_COLUMNS, rows=rows)


def _review(one: ReviewFacts) -> Record:
    return {
        "review_id": one.review_id,
        "title": one.title,
        "published": one.published,
        "year": one.year,
        "nation": one.nation,
        "type": one.review_type,
        "publisher": one.publisher,
        "held_as": one.held_as,
        "children": one.n_children,
        "machine_read": "yes" if one.machine_read else "no",
        "checked": "yes" if one.checked else "no",
        "address": one.link,
    }


def withdrawals_table(report: AnnualReport) -> DataTable:
    """What was withdrawn."""
    return DataTable(
        name="withdrawals",
        title="What was withdrawn, of all years",
        columns=(
            FileColumn("day", "text", "When."),
            FileColumn("publishers", "text", "Of whom."),
            FileColumn("documents", "whole", "How many documents, each version counted."),
            FileColumn("reason", "text", "Why."),
        ),
        rows=tuple(
            {
                "day": one.day,
                "publishers": one.publishers,
                "documents": one.documents,
                "reason": one.reason,
            }
            for one in report.held.withdrawals
        ),
    )


_PLACE = (
    FileColumn("review_id", "text", "The review."),
    FileColumn("review", "text", "Its title."),
    FileColumn("year", "whole", "The year that it was published in."),
    FileColumn("passage_id", "text", "The passage’s permanent id."),
    FileColumn("paragraph", "text", "Its printed number; of a digest, ours."),
    FileColumn("page", "whole", "The page it begins on, from 1."),
    FileColumn("text", "text", "Its beginning, as far as its licence and names let it be shown."),
    FileColumn("text_cut", "text", "yes where words are left out."),
    FileColumn("whose_words", "text", "throughline for a restatement of ours, else publisher."),
    FileColumn("licence_tier", "text", "A open, B owner’s, C press, D permission, X never."),
    FileColumn("address", "text", "Its page."),
)


def quotes_table(report: AnnualReport) -> DataTable:
    """The passages that the report shows."""
    chosen = [("failing-found", one.key, one.label, one.quotes) for one in report.quotes]
    chosen += [("change-proposed", one.key, one.label, one.quotes) for one in report.proposals]
    return DataTable(
        name="quotes",
        title="The passages shown in the report",
        columns=(
            FileColumn("stance", "text", "failing-found or change-proposed."),
            *ROW[1:3],
            *_PLACE,
            FileColumn("coded_by", "text", "people or machine."),
        ),
        rows=tuple(
            {"stance": stance, "theme": key, "label": label, **_quote(report, quote)}
            for stance, key, label, quotes in chosen
            for quote in quotes
        ),
    )


def _quote(report: AnnualReport, quote: Quote) -> Record:
    return {
        **_place(report, quote.passage.passage_id),
        "text": quote.text,
        "text_cut": "yes" if quote.cut else "no",
        "coded_by": "people" if quote.by_people else "machine",
    }


def passages_table(report: AnnualReport) -> DataTable:
    """The passages behind each figure, by its reference."""
    return DataTable(
        name="passages",
        title="The passages behind the figures",
        columns=(
            FileColumn("reference", "text", "The figure that it is behind: look it up by this."),
            *_PLACE,
        ),
        rows=tuple(
            {"reference": trace.reference, **_place(report, passage_id)}
            for trace in report.traces
            for passage_id in trace.passage_ids
        ),
    )


def _place(report: AnnualReport, passage_id: str) -> Record:
    passage = report.passages[passage_id]
    review = report.review(passage.review_id)
    return {
        "review_id": passage.review_id,
        "review": review.title,
        "year": review.year,
        "passage_id": passage_id,
        "paragraph": passage.paragraph,
        "page": passage.page,
        "text": passage.text,
        "text_cut": "yes" if passage.cut else "no",
        "whose_words": passage.whose_words,
        "licence_tier": passage.licence_tier.value,
        "address": passage.link,
    }
