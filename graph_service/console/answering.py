"""``orrery query``: a question in, a table or a standard format out."""

import sys
from collections.abc import Sequence
from pathlib import Path

from graph_service.errors import RequestInvalid
from queries.library import ParameterInvalid, load


def query_text(source: str, parameters: Sequence[str]) -> str:
    """The SPARQL that somebody means by a file, ``-`` for standard input, or the name of a kept query.

    Raises:
        RequestInvalid: the file cannot be read.
        QueryUnknown: it is neither a file nor a kept query.
        ParameterInvalid: a parameter is not NAME=VALUE, or not what the query takes.
    """
    values = dict(_pair(parameter) for parameter in parameters)
    if source != "-" and not Path(source).exists():
        return load(source).bound(values)
    if values:
        raise ParameterInvalid(f"{source}: --param goes with a kept query alone")
    try:
        return sys.stdin.read() if source == "-" else Path(source).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as cause:
        raise RequestInvalid(f"{source}: cannot be read: {cause}") from cause


def _pair(parameter: str) -> tuple[str, str]:
    name, equals, value = parameter.partition("=")
    if not equals:
        raise ParameterInvalid(f"--param {parameter}: write NAME=VALUE")
    return name.strip(), value
