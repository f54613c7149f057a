"""The rules that values are held to, and one compiled test for each record class.

A catalogue validates everything it writes, so the test of a sound record has to cost next to
nothing: the rules of a class are joined into the source of one function, as ``dataclasses`` makes
``__init__``, because a call for each field costs more than the test in it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from ontology.constraints import (
    DIGEST_PATTERN,
    ENDS,
    TYPES,
    WKT_PATTERN,
    Constraint,
    Sort,
    constraints_of,
    has_interval,
)
from ontology.errors import RecordInvalid
from ontology.literals import iri_term
from ontology.properties import Inline, Owned, Shape

Test = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """One demand on a value.

    Attributes:
        name: short identifier, as in ``docs/validation.md``.
        test: Python expression over ``v``, true of a sound value; earlier rules of the same value hold.
        message: what is wrong otherwise, as the end of a sentence.
    """

    name: str
    test: str
    message: str


@lru_cache(maxsize=4096)
def is_iri(text: str) -> bool:
    """Whether a text can be written as an IRI; most IRIs of a record are those of satellites, codes and collections."""
    try:
        iri_term(text)
    except RecordInvalid:
        return False
    return True


NAMES: dict[str, Any] = {
    "is_iri": is_iri,
    "is_digest": re.compile(DIGEST_PATTERN).fullmatch,
    "starts_as_wkt": re.compile(WKT_PATTERN).match,
    **{one.__name__: one for types in TYPES.values() for one in types},
}
"""What the expressions of rules name besides ``v``."""

_OF_SORT: dict[Sort, tuple[Rule, ...]] = {
    "iri": (Rule("iri", "is_iri(v)", "is no absolute IRI"),),
    "document": (Rule("digest", "is_digest(v) is not None", "is no SHA-256"),),
    "time": (Rule("timezone", "v.tzinfo is not None", "has no offset from UTC"),),
    "decimal": (Rule("finite", "v - v == 0", "is not a finite number"),),
    "footprint": (Rule("wkt", 'starts_as_wkt(v) is not None and v[-1] == ")"', "is no geometry in WKT"),),
}


def rules_of(one: Constraint) -> tuple[Rule, ...]:
    """The rules of a value, each for those that satisfy the ones before it."""
    return (_of_type(one), *_OF_SORT.get(one.sort, ()), *_of_content(one))


def _of_type(one: Constraint) -> Rule:
    types = TYPES[one.sort]
    test = " or ".join(f"type(v) is {kind.__name__}" for kind in types)
    return Rule("datatype", f"({test})", f"is not of type {' or '.join(kind.__name__ for kind in types)}")


def _of_content(one: Constraint) -> Iterator[Rule]:
    if one.required and one.sort == "text":
        yield Rule("minLength", 'v != ""', "is empty")
    if one.lowest is not None:
        yield Rule("minimum", f"v >= {one.lowest!r}", f"is below {one.lowest}")
    if one.highest is not None:
        yield Rule("maximum", f"v <= {one.highest!r}", f"is above {one.highest}")
    if one.scheme is not None:
        yield Rule("codeScheme", f"v.startswith({one.code_prefix!r})", "is a code of another scheme, or no code")


def kind_rule(shape: Shape) -> Rule:
    """The rule of the field ``kind``."""
    return Rule("kind", f"v in {(shape.default_kind, *shape.kinds)!r}", "is no kind of this record")


@cache
def compiled(test: str) -> Test:
    """The function that a rule's expression is."""
    function: Test = eval(f"lambda v: {test}", dict(NAMES))
    return function


@cache
def soundness(shape: Shape) -> Test:
    """Whether a record or part breaks no rule: one function of all the rules of its class, parts included."""
    names = dict(NAMES)
    source = "\n".join(["def is_sound(r):", *_lines(shape, names), "    return True"])
    exec(compile(source, f"<rules of {shape.record.__name__}>", "exec"), names)
    function: Test = names["is_sound"]
    return function


def _lines(shape: Shape, names: dict[str, Any]) -> Iterator[str]:
    if shape.default_kind is not None:
        yield f"    v = r.kind\n    if not ({kind_rule(shape).test}): return False"
    for one in constraints_of(shape):
        if one.sort != "part" and one.group is None:
            yield from _value_lines(one)
    for prop in shape.properties:
        if isinstance(prop, Owned):
            yield from _part_lines(prop.field, prop.shape, prop.many, names)
        elif isinstance(prop, Inline):
            yield from _part_lines(prop.field, prop.shape, False, names)
    if has_interval(shape.record):
        start, end = ENDS
        yield f"    if r.{start} is not None and r.{end} is not None and r.{end} < r.{start}: return False"


def _value_lines(one: Constraint) -> Iterator[str]:
    tests = " and ".join(rule.test for rule in rules_of(one))
    if one.many:
        yield f"    if type(r.{one.field}) is not tuple: return False"
        yield f"    for v in r.{one.field}:\n        if not ({tests}): return False"
    elif one.required:
        yield f"    v = r.{one.field}\n    if not ({tests}): return False"
    else:
        yield f"    v = r.{one.field}\n    if v is not None and not ({tests}): return False"


def _part_lines(field: str, shape: Shape, many: bool, names: dict[str, Any]) -> Iterator[str]:
    part, sound = f"class_of_{field}", f"{field}_sound"
    names |= {part: shape.record, sound: soundness(shape)}
    if not many:
        yield f"    v = r.{field}\n    if v is not None and not (type(v) is {part} and {sound}(v)): return False"
        return
    yield f"    parts = r.{field}\n    if type(parts) is not tuple: return False"
    yield f"    for v in parts:\n        if not (type(v) is {part} and {sound}(v)): return False"
    yield f"    if len(parts) > 1 and len({{v.{shape.name} for v in parts}}) < len(parts): return False"
