"""The file of an index, which can be exchanged for another while others read it.

The name of the index is that of a file, or, once it was exchanged, of a link to one: a link is
replaced in one step, and each file keeps the log of its own beside it, which SQLite would
otherwise read into the wrong one. Whoever has the old file open reads on in it until the
next question, which opens the new one.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from graph_service.errors import StorageFailed
from graph_service.index.functions import register
from graph_service.index.geometries import prepare_geometries
from graph_service.index.schema import SCHEMA, VERSION

_CACHE_KIB = 16_384
"""Pages of a connection that stay in memory; each thread that answers has one."""
_WRITING_CACHE_KIB = 262_144
"""The same of the connection that writes: a dozen B-trees are written at random."""
_MAPPED = 1 << 30
"""Bytes of the file that are read in place: of thousands of geometries it takes two thirds of the time (measured)."""
_LOGGED_PAGES = 10_000
"""Pages of 4 KiB in the log before they go into the file; the same pages of B-trees are written again and again."""
_MEMORY = ":memory:"


class IndexFile:
    """A file of the index, with a connection for each thread."""

    def __init__(self, path: Path, *, may_renew: bool = False) -> None:
        """The file at a path, made where there is none.

        Args:
            path: its name, or that of a link to it.
            may_renew: whether the file of another version is exchanged for an empty one.

        Raises:
            StorageFailed: it cannot be read or written, is no index, or one of another version.
        """
        self.path = path
        self._local = threading.local()
        with self.failures_named():
            path.parent.mkdir(parents=True, exist_ok=True)
            version = self._version()
        self.was_renewed = version not in (None, VERSION) and may_renew
        if self.was_renewed:
            self.exchange(self.beside())
        elif version is None:
            with self.failures_named():
                self.connection().executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")
        elif version != VERSION:
            raise StorageFailed(f"{path}: is an index of another version; `orrery index rebuild` makes it again")
        with self.failures_named():
            prepare_geometries(self.connection())

    def _version(self) -> int | None:
        """Version of the file; None where there is none yet."""
        connection = self.connection()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        return int(version) if tables else None

    @contextmanager
    def failures_named(self) -> Iterator[None]:
        """What the system and SQLite refuse, told with the name of the file."""
        try:
            yield
        except (OSError, sqlite3.Error) as cause:
            raise StorageFailed(f"{self.path}: {cause}") from cause

    def connection(self) -> sqlite3.Connection:
        """The calling thread's connection to the file that has the name now."""
        identity = self._identity()
        known: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if known is not None and identity == self._local.identity:
            return known
        if known is not None:
            known.close()
        while True:
            self._local.connection = connection = self._opened()
            self._local.identity, before = self._identity(), identity
            if before in (None, self._local.identity):
                return connection
            # It was exchanged while it was opened.
            connection.close()
            identity = self._local.identity

    def connection_for_writing(self) -> sqlite3.Connection:
        """The same, with memory for the B-trees that are written at random."""
        connection = self.connection()
        connection.execute(f"PRAGMA cache_size = -{_WRITING_CACHE_KIB}")
        return connection

    def _identity(self) -> tuple[int, int] | None:
        if str(self.path) == _MEMORY:
            return (0, 0)
        try:
            found = os.stat(self.path)
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, timeout=30, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        # The graph is the truth: what a power cut takes from the index is caught up from the journal.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_LOGGED_PAGES}")
        connection.execute(f"PRAGMA mmap_size = {_MAPPED}")
        register(connection)
        return connection

    def beside(self) -> Path:
        """The name for a file that is to take the place of this one; what an earlier try has left there is deleted."""
        current = self.path.resolve()
        names = (self.path.with_name(f"{self.path.name}.{number}") for number in count(1))
        free = next(name for name in names if name.resolve() != current)
        _delete(free)
        return free

    def exchange(self, other: Path) -> None:
        """Let another file, which nobody writes any more, have the name of this one, and delete this one."""
        if not other.exists():
            IndexFile(other).close()
        before = self.path.resolve()
        link = self.path.with_name(f"{self.path.name}.link")
        with self.failures_named():
            link.unlink(missing_ok=True)
            link.symlink_to(other.name)
            link.replace(self.path)
            _delete(before, but=self.path)

    def delete(self) -> None:
        """The file is no more."""
        _delete(self.path)

    def close(self) -> None:
        """The calling thread's connection is given back."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            del self._local.connection


def _delete(path: Path, but: Path | None = None) -> None:
    """Delete a file of SQLite with what stands beside it."""
    for suffix in ("", "-wal", "-shm"):
        one = path.with_name(path.name + suffix)
        if one != but:
            one.unlink(missing_ok=True)
