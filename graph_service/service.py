"""The service that holds a data directory, as other processes find it and write through it."""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import orjson

from graph_service.changes import Applied, Batch, Entry
from graph_service.errors import NotFound, StatementsInvalid, StorageFailed
from graph_service.security.tokens import write_private
from ontology.errors import CatalogueError

TIMEOUT_S = 300.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where a service listens, and the secret that lets whoever may read its data directory write through it."""

    url: str
    process: int
    secret: str

    def __repr__(self) -> str:
        return f"Address({self.url!r}, process={self.process})"


def announce(path: Path, url: str, secret: str) -> None:
    """Write where this process listens; only the owner of the data directory may read it."""
    write_private(path, orjson.dumps({"url": url, "process": os.getpid(), "secret": secret}))


def withdraw(path: Path) -> None:
    """Take the announcement back."""
    path.unlink(missing_ok=True)


def running_service(path: Path) -> Address | None:
    """The service that holds a data directory and answers; None when there is none."""
    try:
        address = Address(**orjson.loads(path.read_bytes()))
        healthy = httpx.get(f"{address.url}/health", timeout=5.0, trust_env=False).is_success
    except (OSError, ValueError, TypeError, httpx.HTTPError):
        return None
    return address if healthy else None


class ServiceRefused(CatalogueError):
    """The service that holds the data directory did not take a batch."""


class ServiceWriter:
    """A catalogue written through the service that holds it."""

    def __init__(self, address: Address) -> None:
        self._url = address.url
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {address.secret}", "Content-Type": "application/json"},
            timeout=TIMEOUT_S,
            trust_env=False,
        )

    def prepare(self, entry: Entry) -> Entry:
        """The entry as it is: the service prepares it itself."""
        return entry

    def apply(self, batch: Batch) -> Applied:
        """Write and delete records, all or nothing, as ``Catalogue.apply``.

        Raises:
            ServiceRefused: it cannot be reached, or answers with an error.
        """
        body = {
            "documents": [_sent(entry) for entry in batch.entries if isinstance(entry, Entry)],
            "deletions": list(batch.deletions),
        }
        answer = self._answer("ingest", body, timeout_s=TIMEOUT_S)
        return Applied(answer["change"], frozenset(answer["known_before"]))

    def rebuild(self) -> int:
        """Make the index again, however long that takes, as ``Catalogue.rebuild``.

        Raises:
            ServiceRefused: it cannot be reached, or answers with an error.
        """
        return int(self._answer("index/rebuild", {}, timeout_s=None)["records"])

    def _answer(self, route: str, body: Mapping[str, object], *, timeout_s: float | None) -> dict[str, Any]:
        url = f"{self._url}/{route}"
        try:
            response = self._client.post(url, content=orjson.dumps(body), timeout=timeout_s)
        except httpx.HTTPError as cause:
            raise ServiceRefused(f"{url}: {cause or type(cause).__name__}") from cause
        if not response.is_success:
            raise _refusal(response)
        answer: dict[str, Any] = response.json()
        return answer

    def close(self) -> None:
        """The connection is given back."""
        self._client.close()


def _sent(entry: Entry) -> dict[str, object]:
    document = entry.origin
    assert document is not None, entry.record.iri
    return {
        "source": document.source,
        "kind": document.kind,
        "audience": entry.audience,
        "parts": {part.name: base64.b64encode(part.content).decode() for part in document.parts},
    }


def _refusal(response: httpx.Response) -> CatalogueError:
    try:
        answer = response.json()
        text = str(answer["description"])
    except (ValueError, KeyError, TypeError):
        return ServiceRefused(f"{response.url}: status {response.status_code}")
    known: dict[str, type[CatalogueError]] = {
        "StatementsInvalid": StatementsInvalid, "StorageFailed": StorageFailed, "NotFound": NotFound,
    }  # fmt: skip
    return known.get(str(answer.get("code")), ServiceRefused)(text)
