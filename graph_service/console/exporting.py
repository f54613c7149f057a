"""``orrery export``: what a catalogue has, taken along in files for others."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from graph_service.errors import StorageFailed


@contextmanager
def replaced_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write that takes the place of one there when everything is written, and leaves no trace before.

    Raises:
        StorageFailed: it cannot be written.
    """
    target = path.resolve()
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with beside.open("xb") as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                os.replace(beside, target)
            except BaseException:
                beside.unlink(missing_ok=True)
                raise
    except OSError as cause:
        raise StorageFailed(f"{path}: cannot be written: {cause.strerror or cause}") from cause


@contextmanager
def items_bar(console: Console, total: int, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """A bar over items; yields what advances it."""
    columns = (TextColumn("exporting"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not shown, transient=True) as progress:
        task = progress.add_task("exporting", total=max(total, 1))
        yield lambda amount: progress.advance(task, amount)
