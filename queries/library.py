"""The questions worth keeping: SPARQL files with a header that names inputs and outputs."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files

import pyoxigraph as ox
import shapely
from shapely.errors import ShapelyError

from ontology import terms
from ontology.errors import CatalogueError
from ontology.literals import time_text
from ontology.prefixed import expanded

_INPUT = re.compile(r"#\s*in:\s+\?(\w+)\s+(\S+)(?:\s+=\s+(\S+))?\s*(.*)")
_OUTPUT = re.compile(r"#\s*out:\s+\?(\w+)\s+(\S+)\s*(.*)")
_NEED = re.compile(r"#\s*needs:\s+(.*)")
_VARIABLE = re.compile(r"\?(\w+)")


class QueryUnknown(CatalogueError):
    """No kept query has this name."""


class ParameterInvalid(CatalogueError):
    """A parameter of a query is missing, unknown or not of its type."""


@dataclass(frozen=True, slots=True)
class Input:
    """A value that a query needs."""

    name: str
    type: str
    """``iri``, ``lang``, or a datatype as a prefixed name."""
    default: str | None
    description: str


@dataclass(frozen=True, slots=True)
class Output:
    """A variable that a query gives."""

    name: str
    type: str
    description: str


@dataclass(frozen=True, slots=True)
class Query:
    """A kept query."""

    name: str
    title: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    needs: tuple[str, ...]
    """What must be in the catalogue for it to find anything."""
    text: str

    def bound(self, values: Mapping[str, str]) -> str:
        """The query with its inputs in place, as any engine takes it.

        Args:
            values: lexical forms by input; an IRI without brackets or as a prefixed name, a time with its zone.

        Raises:
            ParameterInvalid: one is missing, unknown or not of its type.
        """
        if unknown := set(values) - {one.name for one in self.inputs}:
            raise ParameterInvalid(f"{self.name}: {sorted(unknown)[0]}: no such parameter; {self._expected()}")
        bound = {one.name: self._term(one, values.get(one.name, one.default)) for one in self.inputs}
        # In one pass, so that a value which looks like a variable stays a value.
        return _VARIABLE.sub(lambda match: bound.get(match[1], match[0]), self.text)

    def _term(self, parameter: Input, value: str | None) -> str:
        if value is None:
            raise ParameterInvalid(f"{self.name}: {parameter.name}: is missing; {self._expected()}")
        return _term(self.name, parameter, value)

    def _expected(self) -> str:
        listed = ", ".join(f"{one.name} ({one.type})" for one in self.inputs)
        return f"it takes {listed}" if listed else "it takes none"


def _term(query: str, parameter: Input, value: str) -> str:
    try:
        if parameter.type == "iri":
            return str(ox.NamedNode(expanded(value) or value))
        if parameter.type == "lang":
            # Bound as text, which is what LANG gives; only a literal in a language tells whether it is a tag.
            return str(ox.Literal(ox.Literal("", language=value).language or ""))
        lexical = _LEXICAL.get(parameter.type, str)(value)
    except (ArithmeticError, LookupError, ValueError, ShapelyError) as cause:
        fault = f"{query}: {parameter.name}: {value!r} is no {parameter.type}"
        raise ParameterInvalid(f"{fault}{_HINTS.get(parameter.type, '')}") from cause
    prefix, _, name = parameter.type.partition(":")
    return str(ox.Literal(lexical, datatype=ox.NamedNode(terms.PREFIXES[prefix] + name)))


def _integer(value: str) -> str:
    return str(int(value))


def _decimal(value: str) -> str:
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError("xsd:decimal has neither NaN nor infinity")
    return format(number, "f")


def _boolean(value: str) -> str:
    return {"true": "true", "1": "true", "false": "false", "0": "false"}[value]


def _date(value: str) -> str:
    # In UTC, as all times of the catalogue: an engine finds no order between days with and without a zone.
    return f"{date.fromisoformat(value).isoformat()}Z"


def _time(value: str) -> str:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("without a zone")
    return time_text(moment)


def _duration(value: str) -> str:
    if _DURATION.fullmatch(value) is None:
        raise ValueError("no duration of days, hours, minutes and seconds")
    return value


def _wkt(value: str) -> str:
    shapely.from_wkt(_CRS.sub("", value, count=1))
    return value


# Engines pass over a comparison with a value that its datatype does not have, and find nothing.
_LEXICAL: dict[str, Callable[[str], str]] = {
    "xsd:integer": _integer, "xsd:decimal": _decimal, "xsd:boolean": _boolean, "xsd:date": _date, "xsd:dateTime": _time,
    "xsd:dayTimeDuration": _duration, "geo:wktLiteral": _wkt,
}  # fmt: skip
_HINTS = {
    "iri": ": write it whole, without brackets, or as a prefixed name such as code:GasSpecies-CH4",
    "lang": ": write a language tag such as de or pt-BR",
    "xsd:boolean": ": write true or false",
    "xsd:date": ": write a day as 2025-10-01; it is one of UTC",
    "xsd:dateTime": ": give its zone, as in 2025-10-01T00:00:00Z",
    "xsd:dayTimeDuration": ": write P3D for three days, PT6H for six hours",
}
_CRS = re.compile(r"\s*<[^>]*>")
# XML Schema 1.1 part 2, 3.4.27, without a sign.
_DURATION = re.compile(r"P(?=\d|T\d)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")


def names() -> list[str]:
    """Names of the kept queries."""
    return sorted(f.name.removesuffix(".rq") for f in files("queries").iterdir() if f.name.endswith(".rq"))


def load(name: str) -> Query:
    """A kept query.

    Raises:
        QueryUnknown: there is none of this name; the message lists those there are.
    """
    if name not in names():
        raise QueryUnknown(f"{name}: no kept query has this name; there are {', '.join(names())}")
    return parse(name, files("queries").joinpath(f"{name}.rq").read_text("utf-8"))


def parse(name: str, source: str) -> Query:
    """A query from the text of its file: comment lines first, then SPARQL."""
    header = [line for line in source.splitlines() if line.startswith("#")]
    body = "\n".join(line for line in source.splitlines() if not line.startswith("#")).strip()
    inputs = tuple(Input(*m.groups()) for line in header if (m := _INPUT.fullmatch(line)))
    outputs = tuple(Output(*m.groups()) for line in header if (m := _OUTPUT.fullmatch(line)))
    needs = tuple(m[1] for line in header if (m := _NEED.fullmatch(line)))
    return Query(name, header[0].lstrip("# ") if header else name, inputs, outputs, needs, body)
