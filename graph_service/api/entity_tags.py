"""Entity tags of answers, and requests that hold for some of them alone."""

import hashlib

from fastapi import Request
from starlette.responses import Response

from graph_service.api.protocol import is_unchanged
from graph_service.errors import ChangedMeanwhile


def entity_tag(content: bytes) -> str:
    """The strong entity tag of a representation. Source: RFC 9110, 8.8.3."""
    return f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'


def tagged(request: Request, content: bytes, media_type: str) -> Response:
    """An answer with its entity tag, or that whoever asks has it already."""
    tag = entity_tag(content)
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Authorization"}
    if is_unchanged(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


def ensure_match(request: Request, content: bytes) -> None:
    """Pass a request that is for this representation, or for any. Source: RFC 9110, 13.1.1.

    Raises:
        ChangedMeanwhile: its ``If-Match`` names others.
    """
    named = request.headers.get("if-match")
    if named is None or named.strip() == "*":
        return
    if entity_tag(content) not in [one.strip() for one in named.split(",")]:
        raise ChangedMeanwhile("If-Match: names another state than the present one; read it again")
