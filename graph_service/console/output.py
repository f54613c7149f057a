"""Where a command writes its result: the standard output, or a file that is there whole or not at all."""

import os
import sys
from pathlib import Path

from graph_service.errors import RequestInvalid, StorageFailed


def write_result(content: bytes, path: Path | None, *, binary: bool) -> None:
    """Write a result.

    Args:
        content: all of it; a text ends with a line break, added where it is missing.
        path: of a file, which is replaced when everything is written beside it; None for the standard output.
        binary: whether it is no text.

    Raises:
        RequestInvalid: a binary result would go to a terminal.
        StorageFailed: the file cannot be written.
    """
    whole = content if binary or content.endswith(b"\n") else content + b"\n"
    if path is not None:
        _replace(path, whole)
        return
    ensure_shown(path, binary=binary)
    sys.stdout.buffer.write(whole)
    sys.stdout.buffer.flush()


def ensure_shown(path: Path | None, *, binary: bool) -> None:
    """Raise RequestInvalid where a binary result would go to a terminal."""
    if binary and path is None and sys.stdout.isatty():
        raise RequestInvalid("the result is binary, which a terminal cannot show; name a file with --output")


def _replace(path: Path, content: bytes) -> None:
    target = path.resolve()
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        if target.exists() and not target.is_file():
            # A device or a pipe stays one.
            target.write_bytes(content)
            return
        with beside.open("xb") as file:
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                os.replace(beside, target)
            except OSError:
                beside.unlink(missing_ok=True)
                raise
    except OSError as cause:
        raise StorageFailed(f"{path}: cannot be written: {cause.strerror}") from cause
