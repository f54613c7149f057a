"""A file that one process holds, for what has no lock of its own."""

import fcntl
import os
from pathlib import Path

from graph_service.errors import StorageFailed, StoreInUse


class ExclusiveFile:
    """A file that is held from now until it is released, or its process is gone."""

    def __init__(self, path: Path) -> None:
        """Raises StoreInUse where another process holds it, and StorageFailed where it cannot be made."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as cause:
            raise StorageFailed(f"{path}: {cause}") from cause
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as cause:
            os.close(self._descriptor)
            raise StoreInUse(f"{path.parent}: another process has this data directory open") from cause

    def release(self) -> None:
        """Let others hold it; the file stays."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
