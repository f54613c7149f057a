"""API tokens: shown once when made, kept as hashes, with what their bearer may do."""

import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from graph_service.errors import NotFound, RequestInvalid, StorageFailed

_PREFIX = "orr_"


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token; the token itself is not."""

    name: str
    digest: str
    """SHA-256 of the token, hexadecimal. Tokens are 256 random bits, so no slow hash is needed."""
    created_at: str
    writes: bool
    """Whether the bearer may write."""
    audiences: tuple[str, ...] = ()
    """IRIs of the restricted data sets that the bearer may see."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as far as it matters."""

    name: str | None = None
    writes: bool = False
    audiences: tuple[str, ...] = ()
    owns: bool = False
    """Whether it may read and write every audience, as whoever may read the data directory may."""

    def may_write_to(self, audience: str | None) -> bool:
        """Whether it may write what an audience, or everybody, will see."""
        return self.writes and (audience is None or self.owns or audience in self.audiences)


ANYBODY = Caller()


class TokenFile:
    """The tokens of one catalogue, in one file that only its owner may read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def create(self, name: str, *, writes: bool, audiences: Sequence[str] = ()) -> str:
        """A new token, which cannot be shown again.

        Raises:
            RequestInvalid: the name is empty or taken.
        """
        tokens = self.tokens()
        if not name.strip() or any(token.name == name for token in tokens):
            raise RequestInvalid(f"token {name!r}: the name is {'taken' if name.strip() else 'empty'}")
        secret = _PREFIX + secrets.token_urlsafe(32)
        created = datetime.now(UTC).isoformat(timespec="seconds")
        self._write([*tokens, Token(name, _digest(secret), created, writes, tuple(audiences))])
        return secret

    def revoke(self, name: str) -> None:
        """Forget a token.

        Raises:
            NotFound: there is none of this name.
        """
        tokens = self.tokens()
        kept = [token for token in tokens if token.name != name]
        if len(kept) == len(tokens):
            raise NotFound(f"token {name!r}: there is none of this name")
        self._write(kept)

    def tokens(self) -> list[Token]:
        """Every token, oldest first."""
        try:
            stored = orjson.loads(self._path.read_bytes())
            return [Token(**{**one, "audiences": tuple(one["audiences"])}) for one in stored]
        except FileNotFoundError:
            return []
        except (OSError, ValueError) as cause:
            raise StorageFailed(f"{self._path}: {cause}") from cause
        except (KeyError, TypeError) as cause:
            raise StorageFailed(f"{self._path}: is no list of tokens: {cause}") from cause

    def caller(self, secret: str) -> Caller | None:
        """Who bears a token; None where it is none of this catalogue's."""
        digest = _digest(secret)
        for token in self.tokens():
            if hmac.compare_digest(token.digest, digest):
                return Caller(token.name, token.writes, token.audiences)
        return None

    def _write(self, tokens: list[Token]) -> None:
        body = orjson.dumps(tokens, option=orjson.OPT_INDENT_2)
        try:
            write_private(self._path, body)
        except OSError as cause:
            raise StorageFailed(f"{self._path}: {cause}") from cause


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def write_private(path: Path, body: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)  # made with mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        Path(temporary).unlink(missing_ok=True)
