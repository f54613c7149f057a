"""``orrery reason``: inferences made again, or held against an independent reckoning."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

import orjson
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from graph_service.console.reading import Reading, open_for_reading
from graph_service.reasoning.comparison import Comparison, Disagreement, Told
from graph_service.reasoning.fixpoint import Fixpoint
from graph_service.reasoning.reasoner import Reasoner
from graph_service.settings import Settings
from ontology import terms
from ontology.loader import Ontology, load_ontology
from ontology.prefixed import prefixed


@dataclass(frozen=True, slots=True)
class InferenceCheck:
    """What a check of all inferences found."""

    disagreements: tuple[Disagreement, ...]
    unwritten: tuple[str, ...]
    """IRIs of properties and classes that the ontology leads to and the catalogue never infers."""
    notes: tuple[str, ...]
    """What may explain it."""

    @property
    def agrees(self) -> bool:
        """Whether every inference is there and no other."""
        return not self.disagreements and not self.unwritten

    def as_json(self) -> dict[str, object]:
        """The result for programs."""
        return {
            "agrees": self.agrees,
            "disagreements": [
                {
                    "kind": one.kind,
                    "record": one.record,
                    "audience": one.audience,
                    "subject": one.statement[0].strip("<>"),
                    "predicate": one.statement[1].strip("<>"),
                    "object": one.statement[2].strip("<>"),
                }
                for one in self.disagreements
            ],
            "unwritten": list(self.unwritten),
            "notes": list(self.notes),
        }


def check_inferences(settings: Settings, *, console: Console) -> InferenceCheck:
    """Every inference in a data directory held against what follows by another way of reasoning; changes nothing.

    Args:
        settings: of the site, with its ontology.
        console: for a line on what is being done, where it is a terminal.
    """
    ontology = load_ontology(settings.ontology)
    reasoner = Reasoner(ontology)
    reading = open_for_reading(settings)
    try:
        # Documents are touched before the graph is written, so a record of this change is among them.
        written = reading.documents.touched_after(0, reading.graph.change_number())
        comparison = Comparison(Fixpoint(ontology), reasoner.program, reasoner.described - set(written))
        with _progress_bar(console) as tell:
            found = tuple(comparison.disagreements(reading.graph, reading.index.audiences(), tell=tell))
        return InferenceCheck(found, tuple(comparison.unwritten()), tuple(_notes(reading, reasoner, ontology)))
    finally:
        reading.close()


def _notes(reading: Reading, reasoner: Reasoner, ontology: Ontology) -> Iterator[str]:
    if reading.graph.catalogue_values(terms.AWAITS_INFERENCE):
        yield "some inferences wait to be made again after a change; the next start of the service or a command does it"
    under = reasoner.fingerprint(sha256(ontology.text.encode()).hexdigest())
    if reading.graph.catalogue_values(terms.INFERRED_UNDER) != [under]:
        yield "inferences were last made under another ontology; the next start of the service or a command makes all"


def print_check(check: InferenceCheck, *, json: bool) -> None:
    """Write the result to standard output: a line for each disagreement, or JSON."""
    if json:
        content = orjson.dumps(check.as_json(), option=orjson.OPT_INDENT_2) + b"\n"
    else:
        content = "".join(f"{line}\n" for line in _lines(check)).encode(errors="replace")
    sys.stdout.buffer.write(content)


def _lines(check: InferenceCheck) -> Iterator[str]:
    for one in check.disagreements:
        subject, predicate, value = (term.strip("<>") for term in one.statement)
        about = f"{subject.removeprefix(one.record)} {prefixed(predicate)} {prefixed(value)}".lstrip()
        reason = "follows and is missing" if one.kind == "missing" else "is there and does not follow"
        audience = "" if one.audience is None else f", in {one.audience}"
        yield f"{one.record}: {one.kind}: {about} {reason}{audience}"
    for iri in check.unwritten:
        yield f"ontology: unwritten: {prefixed(iri)} is what an axiom leads to, and is never inferred"
    for note in check.notes:
        yield f"note: {note}"
    number = len(check.disagreements)
    records = len({one.record for one in check.disagreements})
    yield "every inference agrees" if check.agrees else f"{number:,} differences in {records:,} records"


@contextmanager
def _progress_bar(console: Console) -> Iterator[Told]:
    """A line with what is being done; the number of rounds is not known before."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("reading the ontology", total=None)
        yield lambda text: progress.update(task, description=escape(text))
