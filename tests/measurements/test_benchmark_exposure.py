"""The benchmark of exposure runs, and the plain loop finds the same law."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_benchmark_compares_with_a_loop_that_agrees() -> None:
    options = ["--sizes", "300", "3000", "--assets", "50", "--rounds", "1", "--json"]
    command = [sys.executable, str(ROOT / "benchmarks/exposure.py"), *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["assets"] for line in lines] == [21, 50]
    for line in lines:
        assert line["agree"]
        assert set(line["times_sort"]) == {"usable", "exposure", "law", "all"}
        assert line["loop_times_all"] > 0
