"""The members of a JSON object that have something to say."""

from collections.abc import Mapping
from typing import Any


def said(members: Mapping[str, Any]) -> dict[str, Any]:
    """The members whose value the producer gave: None and empty lists and objects are left out, 0 stays."""
    return {name: value for name, value in members.items() if value is not None and value not in ([], {})}
