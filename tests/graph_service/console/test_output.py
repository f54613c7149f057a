"""A result goes to a file whole, or not at all."""

import os
import sys
import threading
from pathlib import Path

import pytest

from graph_service.console.output import write_result
from graph_service.errors import RequestInvalid, StorageFailed


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("old, and longer than the new")
    write_result(b"a,b", path, binary=False)
    assert path.read_bytes() == b"a,b\n"
    write_result(b"PAR1", path, binary=True)
    assert path.read_bytes() == b"PAR1"
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_may_be_read_by_whom_the_mask_lets(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        write_result(b"a", tmp_path / "rows.csv", binary=False)
    finally:
        os.umask(mask)
    assert (tmp_path / "rows.csv").stat().st_mode & 0o777 == 0o640


def test_a_link_still_leads_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    write_result(b"new", tmp_path / "link.csv", binary=False)
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "new\n"


def test_a_pipe_stays_a_pipe(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(path.read_bytes()))
    reader.start()
    write_result(b"a", path, binary=False)
    reader.join()
    assert read == [b"a\n"]
    assert path.is_fifo()


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "absent" / "rows.csv", tmp_path, tmp_path / "file" / "rows.csv"):
        with pytest.raises(StorageFailed, match=path.name):
            write_result(b"a", path, binary=False)
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_what_is_no_text_does_not_go_to_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    side, terminal = os.openpty()
    with os.fdopen(terminal, "w") as shown:
        monkeypatch.setattr(sys, "stdout", shown)
        with pytest.raises(RequestInvalid, match="--output"):
            write_result(b"PAR1", None, binary=True)
        write_result(b"a,b", None, binary=False)
    assert os.read(side, 100) == b"a,b\r\n"
    os.close(side)
