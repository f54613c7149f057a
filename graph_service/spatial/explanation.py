"""What was done to a query for the sake of its places, and what was not and why."""

from dataclasses import dataclass, field
from typing import Any

from graph_service.store.joined import Joined


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition on places that a query has."""

    condition: str
    """As SPARQL."""
    done: str | None = None
    """What was done about it; None where nothing was."""
    reason: str | None = None
    """Why nothing was done."""
    variables: tuple[str, ...] = ()
    """What the candidates are for."""
    candidates: int | None = None
    """How many there are; None where none were looked for."""
    certain: int | None = None
    """Of how many of them the condition is known to hold, so that it is not asked again."""

    def document(self) -> dict[str, Any]:
        """The finding as JSON, without what there is not."""
        values = {
            "condition": self.condition,
            "done": self.done,
            "reason": self.reason,
            "variables": list(self.variables),
            "candidates": self.candidates,
            "certain": self.certain,
        }
        return {name: value for name, value in values.items() if value not in (None, [])}


@dataclass(slots=True)
class Explanation:
    """Everything that was found in a query."""

    findings: list[Finding] = field(default_factory=list)

    def add(self, condition: str, **more: Any) -> None:
        """Note a finding."""
        self.findings.append(Finding(condition, **more))

    @property
    def reasons(self) -> list[str]:
        """Why conditions were left alone."""
        return [one.reason for one in self.findings if one.reason is not None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How a query is asked."""

    text: str
    """What means the same on any state of the graph."""
    accelerated: str | None = None
    """What gives the same answer, sooner, of the graph after the change ``change`` and no other."""
    change: int | None = None
    """Number of the change that the candidates are of."""
    findings: tuple[Finding, ...] = ()
    joined: Joined | None = None
    """As ``accelerated``, for two patterns that the index has joined already."""

    @property
    def sooner(self) -> tuple[int, str | Joined] | None:
        """The change, and what gives the same answer sooner after it."""
        found = self.joined or self.accelerated
        return None if found is None or self.change is None else (self.change, found)

    def document(self, asked: str) -> dict[str, Any]:
        """The plan as JSON.

        Args:
            asked: the query as it came.
        """
        return {
            "query": asked,
            "accelerated": self.sooner is not None,
            "rewritten": self.text != asked or self.accelerated is not None,
            "changeNumber": self.change,
            "findings": [one.document() for one in self.findings],
            "run": self.accelerated or self.text,
            **({} if self.joined is None else {"joined": [side.text for side in self.joined.sides]}),
        }
