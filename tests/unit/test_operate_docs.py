"""The operators' page knows every alarm and every dead-letter queue that the template makes."""

import re
from pathlib import Path

from infra.stages import stage
from infra.template import alarms
from infra.template.functions import DEAD_LETTER_QUEUES

PAGE = (Path(__file__).parents[2] / "docs" / "operate.md").read_text(encoding="utf-8")


def test_every_alarm_is_explained_by_its_name_or_its_family() -> None:
    named = {name for row in re.findall(r"^\| ([\w., ]+) \|", PAGE, re.MULTILINE) for name in row.split(", ")}
    families = tuple(name.removeprefix("...") for name in named if name.startswith("..."))
    made = {name.removesuffix("Alarm") for name in alarms.resources(stage("prod"))}
    assert sorted(name for name in made if name not in named and not name.endswith(families)) == []


def test_every_dead_letter_queue_has_its_way_back() -> None:
    assert [queue for queue in DEAD_LETTER_QUEUES if f"\n| {queue} | " not in PAGE] == []
