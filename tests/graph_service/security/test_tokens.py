import dataclasses
import stat
from pathlib import Path

import pytest

from graph_service.errors import NotFound, RequestInvalid, StorageFailed
from graph_service.security.tokens import ANYBODY, Caller, TokenFile, write_private

NORTH, SOUTH = "urn:north", "urn:south"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "below" / "tokens.json"


@pytest.fixture
def tokens(path: Path) -> TokenFile:
    return TokenFile(path)


def test_a_token_names_its_bearer_and_what_it_may_do(tokens: TokenFile) -> None:
    reader = tokens.create("reader", writes=False)
    writer = tokens.create("writer", writes=True, audiences=[NORTH])
    assert tokens.caller(reader) == Caller("reader")
    assert tokens.caller(writer) == Caller("writer", writes=True, audiences=(NORTH,))


def test_the_secret_is_not_in_the_file(tokens: TokenFile, path: Path) -> None:
    secret = tokens.create("a", writes=True)
    assert secret.removeprefix("orr_") not in path.read_text()
    assert secret not in repr(tokens.tokens())


def test_secrets_are_long_and_differ(tokens: TokenFile) -> None:
    secrets = {tokens.create(str(k), writes=False) for k in range(5)}
    assert len(secrets) == 5
    assert all(len(secret) >= 43 and secret.startswith("orr_") for secret in secrets)


def test_the_owner_alone_may_read_the_file(tokens: TokenFile, path: Path) -> None:
    tokens.create("a", writes=False)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    tokens.create("b", writes=False)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("wrong", ["", "orr_", "orr_x", "é", "a" * 10_000])
def test_a_wrong_secret_is_nobodys(tokens: TokenFile, wrong: str) -> None:
    secret = tokens.create("a", writes=True)
    for attempt in (wrong, secret[:-1], secret + " ", secret.upper(), tokens.tokens()[0].digest):
        assert tokens.caller(attempt) is None


def test_without_a_file_there_are_no_tokens(tokens: TokenFile, path: Path) -> None:
    assert tokens.tokens() == []
    assert tokens.caller("orr_x") is None
    assert not path.exists()


def test_a_revoked_token_is_nobodys_and_others_stay(tokens: TokenFile) -> None:
    first, second = tokens.create("first", writes=True), tokens.create("second", writes=False)
    tokens.revoke("first")
    assert tokens.caller(first) is None
    assert tokens.caller(second) == Caller("second")
    assert [token.name for token in tokens.tokens()] == ["second"]


def test_a_revoked_name_may_be_used_again_with_another_secret(tokens: TokenFile) -> None:
    old = tokens.create("a", writes=True)
    tokens.revoke("a")
    new = tokens.create("a", writes=False)
    assert tokens.caller(old) is None
    assert tokens.caller(new) == Caller("a")


def test_what_is_not_there_cannot_be_revoked(tokens: TokenFile) -> None:
    with pytest.raises(NotFound, match="'never'"):
        tokens.revoke("never")


@pytest.mark.parametrize(("name", "fault"), [("taken", "taken"), ("", "empty"), ("  ", "empty")])
def test_a_name_that_cannot_be_is_refused(tokens: TokenFile, name: str, fault: str) -> None:
    secret = tokens.create("taken", writes=False)
    with pytest.raises(RequestInvalid, match=fault):
        tokens.create(name, writes=True)
    assert tokens.caller(secret) == Caller("taken")
    assert len(tokens.tokens()) == 1


def test_tokens_are_listed_oldest_first_with_their_time(tokens: TokenFile) -> None:
    for name in ("b", "a", "c"):
        tokens.create(name, writes=False)
    assert [token.name for token in tokens.tokens()] == ["b", "a", "c"]
    assert all(token.created_at.endswith("+00:00") for token in tokens.tokens())


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"a": 1}', '[{"name": "a"}]', '"text"', "null", '[{"never": 1}]'])
def test_a_damaged_file_lets_nobody_in_and_is_told(tokens: TokenFile, path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content)
    for ask in (tokens.tokens, lambda: tokens.caller("orr_x"), lambda: tokens.create("a", writes=True)):
        with pytest.raises(StorageFailed, match=path.name):
            ask()
    assert path.read_text() == content


def test_a_file_that_cannot_be_written_is_told_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFailed):
        TokenFile(tmp_path / "file" / "tokens.json").create("a", writes=False)


def test_a_private_file_is_written_whole_or_not_at_all(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_private(path, b"old")

    def refuse(descriptor: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(OSError, match="no space"):
        write_private(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("caller", "public", "north", "south"),
    [
        (ANYBODY, False, False, False),
        (Caller("a", audiences=(NORTH,)), False, False, False),
        (Caller("a", owns=True), False, False, False),
        (Caller("a", writes=True), True, False, False),
        (Caller("a", writes=True, audiences=(NORTH,)), True, True, False),
        (Caller("a", writes=True, owns=True), True, True, True),
    ],
)
def test_rights_are_to_write_what_one_sees(caller: Caller, public: bool, north: bool, south: bool) -> None:
    assert [caller.may_write_to(audience) for audience in (None, NORTH, SOUTH)] == [public, north, south]


def test_a_caller_cannot_give_itself_rights() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        ANYBODY.writes = True  # type: ignore[misc]  # what is tried
