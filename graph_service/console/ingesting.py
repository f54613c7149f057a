"""``orrery ingest``: a run with its progress bar and its report."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from graph_service.errors import StorageFailed
from graph_service.intake import Intake, Outcome
from graph_service.report import Report
from graph_service.service import ServiceRefused
from ingest.sources.reading import Advance, read_targets
from ingest.sources.targets import Target, find_targets


def run_ingest(intake: Intake, paths: Iterable[str], *, advance: Advance, tell: Callable[[Outcome], None]) -> Report:
    """Take in what some paths hold, and say what became of it.

    A run that is interrupted, or that a store refuses to go on with, still gives its
    report; what it had written stands.

    Args:
        intake: of this run.
        paths: files, folders or patterns.
        advance: told the bytes consumed.
        tell: told each outcome.
    """
    report = Report()
    start = time.perf_counter()
    try:
        for outcome in intake.run(read_targets(find_targets(paths), advance)):
            report.add(outcome)
            tell(outcome)
    except KeyboardInterrupt:
        report.stopped = "interrupted; run it again to go on"
    except (StorageFailed, ServiceRefused) as fault:
        report.stopped = str(fault)
    report.seconds = time.perf_counter() - start
    return report


def bytes_in(paths: Iterable[str]) -> int:
    """How much there is to read, for the progress bar."""
    return sum(target.size for target in find_targets(paths) if isinstance(target, Target))


@contextmanager
def progress_bar(console: Console, total_bytes: int, *, shown: bool) -> Iterator[tuple[Advance, Callable[[], None]]]:
    """A bar over bytes with the rate in documents; yields what advances it, by bytes and by a document."""
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[documents]:,} documents, {task.fields[rate]:,.0f}/s"),
        TimeRemainingColumn(),
        console=console,
        disable=not shown,
        transient=True,
    )
    with progress:
        task = progress.add_task("ingesting", total=max(total_bytes, 1), documents=0, rate=0.0)
        start = time.perf_counter()
        count = 0

        def document_done() -> None:
            nonlocal count
            count += 1
            rate = count / max(time.perf_counter() - start, 1e-6)
            progress.update(task, documents=count, rate=rate)

        yield (lambda amount: progress.advance(task, amount)), document_done


def print_report(console: Console, report: Report, *, verbose: bool) -> None:
    """The report for people: one line a failure and a notice, then the sum."""
    for failure in report.failures:
        where = f"{failure.source}: {failure.field}" if failure.field else failure.source
        console.print(f"[red]failed[/]  {_plain(where)}: {_plain(failure.reason)}", soft_wrap=True, highlight=False)
    for outcome in report.noticed:
        for notice in outcome.notices:
            text = f"{outcome.source}: {notice.field}: {notice.reason}"
            console.print(f"[yellow]notice[/]  {_plain(text)}", soft_wrap=True, highlight=False)
    for skip in report.skips if verbose else ():
        console.print(f"[dim]skipped[/] {_plain(skip.source)}: {_plain(skip.reason)}", soft_wrap=True, highlight=False)
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in report.kinds.most_common())
    rate = report.ingested / report.seconds if report.seconds else 0.0
    console.print(
        f"{report.ingested:,} ingested ({report.replaced:,} replaced), {report.unchanged:,} unchanged, "
        f"{report.failed:,} failed, {report.skipped:,} skipped in {report.seconds:.1f} s ({rate:,.0f}/s)",
        highlight=False,
    )
    if kinds:
        console.print(f"by kind: {kinds}", highlight=False)
    if report.stopped is not None:
        console.print(f"[red]stopped[/] {_plain(report.stopped)}", soft_wrap=True, highlight=False)


def _plain(text: str) -> str:
    """A text on one line, its brackets no markup."""
    return escape(text.replace("\n", " "))
