"""How fast documents become a catalogue: a whole ``orrery ingest`` into an empty directory.

    python -m benchmarks.ingest_rate [PATH ...]

Without a path the synthetic archive of the demonstration is written and taken in.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ingest.synthetic.archive import write_archive


def main(paths: list[str]) -> None:
    """Print documents a second, seconds and peak memory of the command as a whole process."""
    with tempfile.TemporaryDirectory() as folder:
        given = paths or [str(write_archive(Path(folder) / "archive").folder)]
        command = [sys.executable, "-m", "graph_service.cli", "ingest", "--json", "--data", f"{folder}/data", *given]
        start = time.perf_counter()
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - start
        report = json.loads(run.stdout)
        again = time.perf_counter()
        subprocess.run(command, capture_output=True, check=False)
        unchanged = time.perf_counter() - again
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{report['ingested']} ingested, {report['failed']} failed; by kind {report['kinds']}")
    print(f"run            {report['seconds']:.2f} s, {report['ingested'] / report['seconds']:.0f} documents/s")
    print(f"whole process  {seconds:.2f} s, peak memory {peak:.0f} MB")
    print(f"again, all of it unchanged: whole process {unchanged:.2f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
