"""Who makes a request, by its bearer token."""

import hmac
from collections.abc import Callable

from fastapi import Request

from graph_service.errors import NotAuthorised
from graph_service.security.tokens import ANYBODY, Caller, TokenFile

CallerOf = Callable[[Request], Caller]


def callers(tokens: TokenFile, *, secret: str | None) -> CallerOf:
    """How a request's caller is found.

    Args:
        tokens: of the catalogue.
        secret: of this very process, which lets whoever may read the data directory write.
    """

    def caller_of(request: Request) -> Caller:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if not scheme:
            return ANYBODY
        if scheme.lower() != "bearer" or not token:
            raise NotAuthorised("Authorization: give 'Bearer' and a token of this catalogue")
        if secret is not None and hmac.compare_digest(token.strip().encode(), secret.encode()):
            return Caller("owner of the data directory", writes=True, owns=True)
        found = tokens.caller(token.strip())
        if found is None:
            raise NotAuthorised("Authorization: the token is none of this catalogue's; orrery token create makes one")
        return found

    return caller_of


def require_writer(caller: Caller) -> Caller:
    """The caller, when it may write.

    Raises:
        NotAuthorised: it has no token, or one that only reads.
    """
    if not caller.writes:
        raise NotAuthorised("writing needs a token that may write; orrery token create --write NAME makes one")
    return caller
