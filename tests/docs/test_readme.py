"""The snippets of README.md, and the questions of the other pages, get answers from a running demo."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.docs.bad_input import item
from tests.docs.pages import DOCS, PAGES, ROOT, blocks, name_of

ADDRESS = "http://127.0.0.1:8020"
README = ROOT / "README.md"
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("ORRERY_")}


@dataclass(frozen=True)
class Demo:
    """A demo that has left its service running."""

    folder: Path
    address: str
    output: str


def orrery(*words: str, folder: Path) -> str:
    """What the command prints."""
    command = [sys.executable, "-m", "graph_service.cli", *words]
    run = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    output = orrery("demo", "--data", "demo-data", "--port", "0", folder=folder)
    address = re.search(r"Orrery answers at (http://127\.0\.0\.1:\d+)", output)
    assert address is not None, output
    try:
        yield Demo(folder, address[1], output)
    finally:
        orrery("stop", "--data", "demo-data/catalogue", folder=folder)


def lines_of(snippet: str, demo: Demo, folder: Path) -> list[str]:
    """What a snippet prints when it is run as a program, with no warning."""
    assert ADDRESS in snippet
    program = [sys.executable, "-W", "error", "-c", snippet.replace(ADDRESS, demo.address)]
    run = subprocess.run(program, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def test_sparql_snippet_prints_the_largest_floods(demo: Demo, tmp_path: Path) -> None:
    sparql, _ = blocks(README, "python")
    rows = [line.split() for line in lines_of(sparql, demo, tmp_path)]
    assert len(rows) == 5
    assert {sensed[:7] for sensed, *_ in rows} == {"2025-10"}
    surfaces = [float(surface) for _, surface, _, _ in rows]
    assert surfaces == sorted(surfaces, reverse=True)
    assert surfaces[-1] >= 25
    assert all(0 <= float(clouds) <= 100 for _, _, clouds, _ in rows)
    assert all(source.startswith("https://w3id.org/orrery/id/item/sentinel-2-l2a/S2") for *_, source in rows)


def test_stac_snippet_prints_scenes_of_the_flood(demo: Demo, tmp_path: Path) -> None:
    _, stac = blocks(README, "python")
    found = [line.rsplit(" ", 2) for line in lines_of(stac, demo, tmp_path)]
    assert len(found) == 5
    assert all("2025-10-18" <= sensed[:10] <= "2025-10-29" for sensed, _, _ in found)
    assert all(0 <= float(clouds) <= 100 for _, clouds, _ in found)
    assert all(re.fullmatch(r"S2[A-C]_MSIL2A_\w+", name) for *_, name in found)
    assert len({name for *_, name in found}) == 5


def test_demo_prints_what_the_readme_shows(demo: Demo) -> None:
    (shown,) = blocks(README, "text")
    told = " ".join(demo.output.split())
    for line in shown.splitlines():
        if line and not line.startswith("  "):  # rows of tables are shortened
            without_times = re.split(r" in [\d.]+ m?s\b", line.replace(ADDRESS, demo.address))[0]
            assert without_times in told


def test_page_is_at_the_address(demo: Demo) -> None:
    page = httpx.get(demo.address, trust_env=False)
    assert page.is_success
    assert "516" in page.text


QUESTIONS = [
    pytest.param(question, id=f"{name_of(page)}-{number}")
    for page in PAGES
    for number, question in enumerate(blocks(page, "sparql"), 1)
    if "SERVICE" not in question
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_of_the_documentation_has_an_answer(question: str, demo: Demo) -> None:
    answer = httpx.post(f"{demo.address}/sparql", data={"query": question}, trust_env=False)
    assert answer.is_success, answer.text
    rows = answer.json()["results"]["bindings"]
    assert rows
    assert all(set(row) == set(answer.json()["head"]["vars"]) for row in rows)


def test_rule_in_the_graph_has_the_documented_thresholds(demo: Demo) -> None:
    answer = httpx.get(
        f"{demo.address}/sparql", params={"query": blocks(DOCS / "anomaly-rule.md", "sparql")[0]}, trust_env=False
    )
    (rule,) = answer.json()["results"]["bindings"]
    thresholds = ("floodPercent", "floodKm2", "droughtPercent", "droughtKm2", "hiddenPercent")
    assert [float(rule[name]["value"]) for name in thresholds] == [100, 25, 30, 25, 60]
    assert int(rule["anomalies"]["value"]) > 100


def requests() -> list[str]:
    """The requests of docs/http.md that need no token."""
    commands = (one for block in blocks(DOCS / "http.md", "sh") for one in re.split(r"(?<!\\)\n", block))
    return [one for one in commands if one.startswith("curl") and "$" not in one]


def shell(script: str, demo: Demo, folder: Path) -> str:
    """What a script prints whose requests go to the demo and must all succeed."""
    if shutil.which("bash") is None or shutil.which("curl") is None:
        pytest.skip("bash or curl is not installed")
    strict = script.replace(ADDRESS, demo.address).replace("curl ", "curl --fail-with-body -sS --noproxy '*' ")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    run = subprocess.run(
        ["bash", "-euc", strict], cwd=folder, env=ENVIRONMENT | {"PATH": path},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.mark.parametrize("request_", requests())
def test_every_request_without_a_token_is_answered(request_: str, demo: Demo) -> None:
    assert len(shell(request_, demo, ROOT)) > 40


def test_document_is_sent_with_a_token(demo: Demo) -> None:
    (demo.folder / "S1.json").write_text(json.dumps(item()), encoding="utf-8")
    script = "".join(blocks(DOCS / "http.md", "sh")[-2:])
    change = json.loads(shell(script, demo, demo.folder).partition("}")[2])
    assert change["change"] > 1
    assert change["known_before"] == []
    kept = httpx.get(f"{demo.address}/stac/collections/uncollected/items/S1", trust_env=False)
    assert kept.json()["properties"] == item()["properties"]
