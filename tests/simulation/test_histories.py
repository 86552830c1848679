"""Two weeks by chance, a share of the seeds: a thousand notices and a hundred faults in each."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation import histories

ROOT = Path(__file__).parents[2]
TRACE = """
import logging
logging.disable(logging.CRITICAL)
from tests.simulation import histories
print(histories.live(3).trace())
"""


@pytest.mark.parametrize("seed", range(24))
def test_two_weeks_by_chance_lose_nothing(seed: int) -> None:
    tally, notices, _ = histories.lives((seed, seed + 1))
    assert tally.wrong == []
    assert notices >= 1_000
    assert sum(tally.by_kind.values()) > 50


def test_the_same_seed_leaves_the_same_trace_in_every_process() -> None:
    def trace(hash_seed: str) -> str:
        environ = {**os.environ, "PYTHONHASHSEED": hash_seed}
        command = [sys.executable, "-c", TRACE]
        done = subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    assert trace("1") == trace("2") == histories.live(3).trace()
