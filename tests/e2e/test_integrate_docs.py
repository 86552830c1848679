"""The examples in docs/integrate.md, run as they stand there."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.e2e.outside import Outside
from tests.e2e.people import of_their_own
from tests.events import schemas

GUIDE = (Path(__file__).parents[2] / "docs" / "integrate.md").read_text(encoding="utf-8")
RUN = """
import json, sys
for event in json.load(sys.stdin):
    told = tell(event["type"], event["data"])
    assert told["promise"]["id"], told
print(json.dumps(read(event["data"]["ref"])))
"""


def of_its_own() -> Callable[[str], str]:
    """Return what puts a reference and people of their own into an example."""
    own = os.urandom(5).hex()
    instead = {
        "order-1234": f"guide-{own}",
        '"c-99"': f'"c-{own}"',
        '"seller-7"': f'"seller-{own}"',
        '"Gemma"': f'"{of_their_own("Gemma", own)}"',
        '"Ana"': f'"{of_their_own("Ana", own)}"',
        "gemma@example.com": f"gemma+{own}@example.com",
        "ana@shop.example": f"ana+{own}@shop.example",
        "+34600000000": f"+346{int(own, 16) % 10**8:08}",
    }
    return lambda block: re.sub("|".join(map(re.escape, instead)), lambda found: instead[found[0]], block)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


def test_the_python_example_tells_every_example_event_and_reads_the_promise_back(outside: Outside) -> None:
    events: list[Any] = [json.loads(block) for block in map(of_its_own(), blocks("json"))]
    outside.people.meet(events[0]["data"])
    assert (events[0]["type"], events[-1]["type"]) == ("promise.made", "promise.kept")
    environ = {
        **os.environ,
        "KEPT_API": outside.stack.api,
        "KEPT_SECRET": outside.stack.webhook_secret,
        "KEPT_READ_KEY": outside.stack.read_key,
    }
    program = "\n".join([*blocks("python"), RUN])
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(events),
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["promise"]["status"] == "kept"


def test_every_event_type_stands_in_the_guide_with_what_it_means() -> None:
    published = schemas()
    assert published
    for title, schema in published.items():
        slug = title.lower().replace(" ", "-")
        assert f"| [{title}](events/{slug}.json) | {schema['description']} |" in GUIDE
