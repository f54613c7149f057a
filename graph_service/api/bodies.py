"""Bodies of requests: how long they may be, how long they may take, and what they are."""

from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP

import anyio
from fastapi import Request

from graph_service.errors import MediaTypeUnsupported, RequestInvalid, RequestTimedOut, RequestTooLarge

MULTIPART = "multipart/form-data"

LONGEST_BODY = 10_000_000
"""Bytes."""
_PATIENCE_S = 30.0
"""How long the first byte of a body may take; all of it has a second more for every so many bytes."""
_SLOWEST = 65_536
"""Bytes a second."""


def content_type_of(request: Request) -> str:
    """The media type of a body, in lower case and without parameters; empty where none is given."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def ensure_utf8(request: Request) -> None:
    """Pass a body that does not say that it is in another encoding than the one that SPARQL is sent in.

    Raises:
        MediaTypeUnsupported: it says so.

    Source: SPARQL 1.1 Protocol, 2.1.3 and 2.2.2.
    """
    said = Message()
    said["content-type"] = request.headers.get("content-type", "")
    charset = said.get_content_charset("utf-8")
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise MediaTypeUnsupported(f"Content-Type: charset={charset[:40]}; SPARQL is sent as UTF-8")


async def body_of(request: Request) -> bytes:
    """The body of a request.

    Raises:
        MediaTypeUnsupported: it is packed; a small one could unpack to any length.
        RequestTooLarge: it is longer than one may be.
        RequestTimedOut: it does not come, or too slowly.
    """
    packed = request.headers.get("content-encoding", "identity").strip().lower()
    if packed != "identity":
        raise MediaTypeUnsupported(f"Content-Encoding: {packed[:40]}; a body is sent as it is, unpacked")
    body = bytearray()
    with anyio.move_on_after(_PATIENCE_S) as patience:
        begun_at = patience.deadline - _PATIENCE_S
        async for piece in request.stream():
            body += piece
            if len(body) > LONGEST_BODY:
                raise RequestTooLarge(f"the body is longer than {LONGEST_BODY:,} bytes")
            patience.deadline = begun_at + _PATIENCE_S + len(body) / _SLOWEST
    if patience.cancelled_caught:
        raise RequestTimedOut(f"the body did not come: {len(body):,} bytes of it in {_PATIENCE_S:g} s or more")
    return bytes(body)


def parts_of(request: Request, body: bytes) -> list[tuple[bytes, str]]:
    """The documents of a multipart body, each with its media type in lower case; at least one.

    Raises:
        RequestInvalid: it has none, or is no such body.

    Source: SPARQL 1.1 Graph Store HTTP Protocol, 5.5; RFC 7578.
    """
    head = f"Content-Type: {request.headers.get('content-type', '')}\r\n\r\n"
    try:
        parsed = BytesParser(policy=HTTP).parsebytes(head.encode("latin-1") + body)
        found = [(one.get_payload(decode=True), one.get_content_type()) for one in parsed.iter_parts()]
    except (RecursionError, UnicodeError, KeyError, AttributeError) as cause:
        raise RequestInvalid("the body is no multipart/form-data") from cause
    documents = [(content, kind.lower()) for content, kind in found if isinstance(content, bytes)]
    if not documents or len(documents) != len(found):
        raise RequestInvalid("the body is no multipart/form-data with a document in each part")
    return documents
