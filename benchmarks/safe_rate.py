"""How fast Sentinel-2 metadata becomes records: reading, mapping, statements; one core, no store.

python -m benchmarks.safe_rate [FOLDER ...]
"""

import sys
import tempfile
import time
from pathlib import Path

from ingest.document import Document
from ingest.kinds import mapped
from ingest.settings import MappingSettings
from ingest.sources.reading import read_targets
from ingest.sources.targets import find_targets
from ingest.synthetic.archive import write_archive
from ontology.triples import statements

REPEATS = 5


def main(paths: list[str]) -> None:
    """Print products a second and the mean size of their metadata."""
    with tempfile.TemporaryDirectory() as folder:
        given = paths or [str(write_archive(Path(folder)).folder)]
        targets = list(find_targets(given))
        best, products, size = float("inf"), 0, 0
        for _ in range(REPEATS):
            start = time.process_time()
            documents = [d for d in read_targets(targets) if isinstance(d, Document) and d.kind == "sentinel-2-safe"]
            for document in documents:
                list(statements(mapped(document, MappingSettings()).record))
            best = min(best, time.process_time() - start)
            products, size = len(documents), sum(len(part.content) for d in documents for part in d.parts)
    print(
        f"{products} products of {size / max(products, 1) / 1024:.0f} kB: {products / best:.0f} products/s of CPU time"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
