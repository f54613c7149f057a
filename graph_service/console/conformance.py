"""Records held against the published SHACL shapes by pySHACL, in processes of its own.

It and the RDF library below it take longer to load than most commands take to run, and it is slow: some
dozens of scenes a second on each core.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from graph_service.errors import RequestInvalid
from graph_service.views.validation_report import Finding, findings_in
from ontology.shacl import published_shapes

_BATCH = 100
"""Records that one process looks at: much work beside its half a second of loading, little memory."""


class Conformance:
    """Records to be held against the shapes, handed on in batches while more are read."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=os.cpu_count())
        self._lines: list[str] = []
        self._sources: dict[str, str] = {}
        self._running: list[Future[list[Finding]]] = []

    def add(self, iri: str, source: str, lines: str) -> None:
        """Take a record.

        Args:
            iri: of the record.
            source: where it came from.
            lines: its triples as N-Triples.
        """
        self._lines.append(lines)
        self._sources[iri] = source
        if len(self._lines) == _BATCH:
            self._hand_on()

    def _hand_on(self) -> None:
        if self._lines:
            self._running.append(self._pool.submit(shacl_findings, "".join(self._lines), self._sources))
        self._lines, self._sources = [], {}

    def findings(self) -> Iterator[list[Finding]]:
        """What the shapes say, batch by batch, when nothing more is added.

        Raises:
            RequestInvalid: pySHACL does not run here.
        """
        self._hand_on()
        with self._pool:
            for batch in self._running:
                yield batch.result()


def shacl_findings(lines: str, sources: dict[str, str]) -> list[Finding]:
    """What the published shapes say of some triples.

    Args:
        lines: N-Triples.
        sources: where each record came from, by its IRI.

    Raises:
        RequestInvalid: pySHACL does not run here.
    """
    with TemporaryDirectory(prefix="orrery-validate-") as folder:
        data, shapes = Path(folder) / "data.nt", Path(folder) / "shapes.ttl"
        data.write_text(lines, encoding="utf-8")
        shapes.write_bytes(published_shapes())
        command = [
            sys.executable,
            "-m",
            "pyshacl",
            "-s",
            str(shapes),
            "-sf",
            "turtle",
            "-df",
            "nt",
            "-f",
            "nt",
            str(data),
        ]
        run = subprocess.run(command, capture_output=True, check=False)
    try:
        report = [quad.triple for quad in ox.parse(run.stdout, format=ox.RdfFormat.N_TRIPLES)]
    except SyntaxError:
        report = []
    if not report:
        told = (run.stderr or run.stdout).decode(errors="replace").strip().splitlines()
        raise RequestInvalid(f"--shacl: pySHACL ended with status {run.returncode}: {told[-1] if told else 'no word'}")
    return list(findings_in(report, sources))
