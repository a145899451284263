"""The benchmark of intervals runs, and its peers find the same union."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_benchmark_compares_with_peers_that_agree() -> None:
    options = ["--sizes", "300", "2000", "--services", "20", "--rounds", "1", "--json"]
    command = [sys.executable, str(ROOT / "benchmarks/intervals.py"), *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["intervals"] for line in lines] == [300, 2000]
    for line in lines:
        assert line["agree"]
        assert set(line["times_union"]) == {"staircase", "portion", "pandas"}
        assert set(line["times_sort"]) == {"union", "availability"}
