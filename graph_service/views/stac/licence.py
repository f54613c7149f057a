"""A licence as STAC gives it: an identifier, or a link to its text."""

import re
from dataclasses import dataclass, field
from typing import Any

_IDENTIFIER = re.compile(r"[\w.+-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class StacLicence:
    """The two places in which STAC speaks of a licence."""

    identifier: str
    """SPDX identifier, or ``other``."""
    links: list[dict[str, Any]] = field(default_factory=list)


def stac_licence(licence: str | None) -> StacLicence:
    """What to write for a licence; what STAC takes for no identifier is ``other``, with a link where it is a URL.

    Source: STAC 1.1.0, common metadata, licensing.
    """
    if licence is None:
        return StacLicence("other")
    if licence.startswith(("http://", "https://")):
        return StacLicence("other", [{"rel": "license", "href": licence}])
    return StacLicence(licence if _IDENTIFIER.fullmatch(licence) else "other")
