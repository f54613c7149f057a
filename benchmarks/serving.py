"""How soon a service answers, and how fast it gives an item by its identifier.

python -m benchmarks.serving DATA_DIRECTORY
"""

import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

import httpx

from graph_service.console.serving import start_detached, stop_service
from graph_service.settings import Settings

REQUESTS = 500


def main(folder: str) -> None:
    """Print seconds from the start of the process to its first answer, and milliseconds of a request."""
    settings = replace(Settings(), data=Path(folder), port=0)
    start = time.perf_counter()
    address = start_detached(settings, Path(folder) / "service.log")
    print(f"up in {time.perf_counter() - start:.2f} s")
    try:
        with httpx.Client(base_url=address.url, trust_env=False) as client:
            page = client.get("/stac/search", params={"limit": 100}).json()
            hrefs = [next(link["href"] for link in f["links"] if link["rel"] == "self") for f in page["features"]]
            _report("item by id", client, hrefs)
            _report("search, ten newest", client, ["/stac/search?limit=10"])
            box = ",".join(map(str, page["features"][0]["bbox"]))
            _report("search, small box", client, [f"/stac/search?bbox={box}&limit=10"])
            query = "ASK { ?s a <https://w3id.org/orrery/ontology#Scene> }"
            _report("SPARQL, trivial", client, [str(httpx.URL("/sparql", params={"query": query}))])
    finally:
        stop_service(settings.service_file)


def _report(name: str, client: httpx.Client, urls: list[str]) -> None:
    times = []
    for number in range(REQUESTS):
        start = time.perf_counter()
        client.get(urls[number % len(urls)]).raise_for_status()
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    print(f"{name:20} median {statistics.median(times):.2f} ms, 99th percentile {times[int(REQUESTS * 0.99)]:.2f} ms")


if __name__ == "__main__":
    main(sys.argv[1])
