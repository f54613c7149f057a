import resource
import subprocess
import sys
from pathlib import Path

import pytest

from graph_service.index.filters import All
from graph_service.intake import Intake
from ingest.settings import MappingSettings
from ingest.sources.reading import read_targets
from ingest.sources.targets import find_targets
from tests.graph_service.index.agreement import disagreements
from tests.graph_service.test_killed import opened, write_items

ORRERY = Path(sys.executable).with_name("orrery")
ITEMS = 1400


def ingest_within(kibibytes: int, folder: Path, path: str) -> "subprocess.CompletedProcess[str]":
    """Run the command where no file may outgrow a size; Python ignores SIGXFSZ, so that writing fails instead."""
    limit = kibibytes * 1024
    return subprocess.run(
        [ORRERY, "ingest", path, "--data", folder],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    "kibibytes",
    [
        pytest.param(30, id="opening"),
        pytest.param(500, id="the first batch"),
        pytest.param(1800, id="a later batch"),
    ],
)
def test_a_full_disk_is_one_clear_line_and_nothing_is_half_written(tmp_path: Path, kibibytes: int) -> None:
    folder = tmp_path / "catalogue"
    path = write_items(tmp_path / "items.ndjson", 1, range(ITEMS))
    full = ingest_within(kibibytes, folder, path)
    assert full.returncode == 1
    said = [line for line in (full.stdout + full.stderr).splitlines() if line.startswith(("error", "stopped"))]
    assert len(said) == 1
    assert str(folder) in said[0]
    assert "Traceback" not in full.stdout + full.stderr

    catalogue = opened(folder)
    assert disagreements(catalogue, folder / "index.sqlite") == []
    before = catalogue.index.count_all()
    intake = Intake(catalogue, catalogue.index, MappingSettings())
    statuses = [outcome.status for outcome in intake.run(read_targets(find_targets([path])))]
    assert (statuses.count("unchanged"), statuses.count("ingested")) == (before, ITEMS - before)
    assert catalogue.index.count(All(())) == ITEMS
    assert disagreements(catalogue, folder / "index.sqlite") == []
    catalogue.close()
