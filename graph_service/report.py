"""What a run of ingestion amounts to, for people and for programs."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from graph_service.intake import Outcome


@dataclass(slots=True)
class Report:
    """Counts of a run, and every document that needs a word."""

    ingested: int = 0
    """Records written, new or replaced."""
    replaced: int = 0
    """Of these, records that had an earlier document."""
    unchanged: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    kinds: Counter[str] = field(default_factory=Counter)
    """Records written by the kind of their document."""
    failures: list[Outcome] = field(default_factory=list)
    skips: list[Outcome] = field(default_factory=list)
    noticed: list[Outcome] = field(default_factory=list)
    stopped: str | None = None
    """Why the run ended before its last document."""

    def add(self, outcome: Outcome) -> None:
        """Count one document."""
        match outcome.status:
            case "ingested" | "replaced":
                self.ingested += 1
                self.replaced += outcome.status == "replaced"
                self.kinds[outcome.kind or "unknown"] += 1
            case "unchanged":
                self.unchanged += 1
            case "failed":
                self.failed += 1
                self.failures.append(outcome)
            case "skipped":
                self.skipped += 1
                self.skips.append(outcome)
        if outcome.notices:
            self.noticed.append(outcome)

    @property
    def complete(self) -> bool:
        """Whether every document was taken in."""
        return self.failed == 0 and self.stopped is None

    def as_json(self) -> dict[str, Any]:
        """The report as ``orrery ingest --json`` prints it."""
        return {
            "ingested": self.ingested,
            "replaced": self.replaced,
            "unchanged": self.unchanged,
            "failed": self.failed,
            "skipped": self.skipped,
            "seconds": round(self.seconds, 3),
            "kinds": dict(self.kinds),
            "stopped": self.stopped,
            "failures": [
                {"source": o.source, "kind": o.kind, "field": o.field, "reason": o.reason} for o in self.failures
            ],
            "skips": [{"source": o.source, "reason": o.reason} for o in self.skips],
            "notices": [
                {"source": o.source, "field": n.field, "reason": n.reason} for o in self.noticed for n in o.notices
            ],
        }
