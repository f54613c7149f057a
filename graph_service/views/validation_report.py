"""What validation found, as lines for people, as JSON, and as a SHACL validation report."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox

from ontology import terms
from ontology.constraints import code_schemes
from ontology.errors import RecordInvalid
from ontology.literals import iri_term
from ontology.prefixed import prefixed
from ontology.shacl import ORRSH, PREFIXES, SH
from ontology.validation import Severity, Violation

COMPONENTS = {
    "datatype": SH + "DatatypeConstraintComponent",
    "finite": SH + "DatatypeConstraintComponent",
    "iri": SH + "NodeKindConstraintComponent",
    "minCount": SH + "MinCountConstraintComponent",
    "maxCount": SH + "MaxCountConstraintComponent",
    "unique": SH + "MaxCountConstraintComponent",
    "minLength": SH + "MinLengthConstraintComponent",
    "minimum": SH + "MinInclusiveConstraintComponent",
    "maximum": SH + "MaxInclusiveConstraintComponent",
    "digest": SH + "PatternConstraintComponent",
    "timezone": SH + "PatternConstraintComponent",
    "wkt": SH + "PatternConstraintComponent",
    "codeScheme": SH + "PatternConstraintComponent",
    "order": SH + "LessThanOrEqualsConstraintComponent",
    "kind": SH + "ClassConstraintComponent",
    "class": SH + "ClassConstraintComponent",
    "language": SH + "UniqueLangConstraintComponent",
    "geometry": ORRSH + "GeometryConstraintComponent",
    "document": ORRSH + "DocumentConstraintComponent",
    "record": ORRSH + "RecordConstraintComponent",
    "notice": ORRSH + "NoticeConstraintComponent",
    "reference": ORRSH + "ReferenceConstraintComponent",
}
"""What a SHACL processor calls each rule; the last ones are beyond SHACL's own."""

_PATTERN_RULES = {terms.SOURCE_DOCUMENT: "digest", terms.AS_WKT: "wkt"}
_SEVERITIES: dict[Severity, str] = {"violation": SH + "Violation", "warning": SH + "Warning", "info": SH + "Info"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that validation has to say."""

    source: str
    """Path of the document, with its line or member, or the IRI of a record in the store."""
    place: str
    """Property after the part that has it; of a document that was refused, the producer's element."""
    value: str
    """The value at fault, on one line; empty where there is none to show."""
    rule: str
    message: str
    """What is wrong, as the end of a sentence."""
    remedy: str = ""
    severity: Severity = "violation"
    focus: str = ""
    """IRI of the record or part; empty where a document gave none."""
    path: str = ""
    """IRI of the property; empty where there is none."""

    @property
    def line(self) -> str:
        """The finding as linters print theirs."""
        rule = self.rule if self.severity == "violation" else f"{self.severity} {self.rule}"
        remedy = f" ({self.remedy})" if self.remedy else ""
        parts = [self.source, self.place, self.value, rule, f"{self.message}{remedy}"]
        return " ".join(": ".join(part for part in parts if part).split())

    @property
    def component(self) -> str:
        """IRI of the constraint component that SHACL would name."""
        return COMPONENTS[self.rule]


def finding_of(source: str, fault: Violation) -> Finding:
    """A broken rule, with where its record came from."""
    return Finding(
        source,
        fault.place,
        fault.shown,
        fault.rule,
        fault.message,
        fault.remedy,
        fault.severity,
        fault.focus,
        fault.path,
    )


@dataclass(slots=True)
class ValidationReport:
    """Everything that one run found."""

    checked: int = 0
    """Documents, or records of the store."""
    skipped: int = 0
    """Files that are no documents."""
    seconds: float = 0.0
    findings: list[Finding] = field(default_factory=list)

    @property
    def conforms(self) -> bool:
        """Whether no rule is broken; warnings and notes do not count."""
        return not any(one.severity == "violation" for one in self.findings)

    @property
    def summary(self) -> str:
        """The counts, on one line."""
        found = Counter(one.severity for one in self.findings)
        rate = self.checked / self.seconds if self.seconds else 0.0
        return (
            f"{self.checked:,} checked: {found['violation']:,} violations, {found['warning']:,} warnings, "
            f"{found['info']:,} notes; {self.skipped:,} files skipped, in {self.seconds:.1f} s ({rate:,.0f}/s)"
        )

    def as_json(self) -> dict[str, Any]:
        """The report as ``orrery validate --json`` prints it."""
        return {
            "conforms": self.conforms,
            "checked": self.checked,
            "skipped": self.skipped,
            "seconds": round(self.seconds, 3),
            "findings": [
                {
                    "source": one.source, "place": one.place, "value": one.value, "rule": one.rule,
                    "message": one.message, "remedy": one.remedy, "severity": one.severity,
                    "focus": one.focus or None, "path": one.path or None,
                }
                for one in self.findings
            ],
        }  # fmt: skip

    def as_rdf(self, form: ox.RdfFormat) -> bytes:
        """The report in SHACL's own terms (SHACL, section 3.6)."""
        return ox.serialize(_report_triples(self), format=form, prefixes=PREFIXES) or b""


def _report_triples(report: ValidationReport) -> Iterator[ox.Triple]:
    name = ox.BlankNode("report")
    yield ox.Triple(name, ox.NamedNode(terms.TYPE), ox.NamedNode(SH + "ValidationReport"))
    yield ox.Triple(name, ox.NamedNode(SH + "conforms"), ox.Literal(not report.findings))
    results = [(ox.BlankNode(f"result{number}"), one) for number, one in enumerate(report.findings, 1)]
    for result, _ in results:
        yield ox.Triple(name, ox.NamedNode(SH + "result"), result)
    for result, one in results:
        for predicate, value in _result(one):
            yield ox.Triple(result, ox.NamedNode(predicate), value)


def _result(one: Finding) -> Iterator[tuple[str, ox.NamedNode | ox.Literal]]:
    yield terms.TYPE, ox.NamedNode(SH + "ValidationResult")
    yield SH + "focusNode", _node(one.focus or one.source)
    if one.path:
        yield SH + "resultPath", ox.NamedNode(one.path)
    if one.value:
        yield SH + "value", _node(one.value)
    yield SH + "sourceConstraintComponent", ox.NamedNode(one.component)
    yield SH + "resultSeverity", ox.NamedNode(_SEVERITIES[one.severity])
    yield SH + "resultMessage", ox.Literal(one.line, language="en")


def _node(text: str) -> ox.NamedNode | ox.Literal:
    try:
        return ox.NamedNode(iri_term(text)[1:-1])
    except (RecordInvalid, ValueError):
        return ox.Literal(text)


def findings_in(report: Sequence[ox.Triple], sources: dict[str, str]) -> Iterator[Finding]:
    """The findings of a SHACL processor.

    Args:
        report: triples of a ``sh:ValidationReport``.
        sources: where each record came from, by its IRI.
    """
    told: dict[str, dict[str, str]] = {}
    for triple in report:
        described = told.setdefault(str(triple.subject), {})
        described[triple.predicate.value] = getattr(triple.object, "value", "")
    for result in told.values():
        if result.get(terms.TYPE) == SH + "ValidationResult":
            yield _finding(result, sources)


def _finding(result: dict[str, str], sources: dict[str, str]) -> Finding:
    focus, path = result[SH + "focusNode"], result.get(SH + "resultPath", "")
    record, _, part = focus.partition("#")
    severity: dict[str, Severity] = {iri: name for name, iri in _SEVERITIES.items()}
    return Finding(
        source=sources.get(record, record),
        place=" ".join(text for text in (f"#{part}" if part else "", prefixed(path) if path else "") if text),
        value=result.get(SH + "value", ""),
        rule=_rule(result[SH + "sourceConstraintComponent"], path),
        message="does not conform to the published shape",
        remedy=result.get(SH + "resultMessage", "").rstrip("."),
        severity=severity[result[SH + "resultSeverity"]],
        focus=focus,
        path=path,
    )


def _rule(component: str, path: str) -> str:
    if component == COMPONENTS["codeScheme"]:
        return "codeScheme" if path in code_schemes() else _PATTERN_RULES.get(path, "timezone")
    return next(rule for rule, iri in COMPONENTS.items() if iri == component)
