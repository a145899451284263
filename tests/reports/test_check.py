"""`continuity check`: what it says, when it fails, and what Prometheus makes of its file."""

import json
import math
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pandas as pd
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from small_notebooks import FACTS, scorecard

from continuity_analysis import cli
from continuity_analysis.errors import InputError
from continuity_analysis.reports.check import FINDINGS, MISSING, NEXT, check, lines, read_fail_on, to_json
from continuity_analysis.reports.openmetrics import ACHIEVED, to_openmetrics
from continuity_analysis.reports.summary import OBJECTIVES

RULES = Path(__file__).parents[2] / "deploy" / "prometheus" / "continuity.rules.yaml"
CARD = scorecard(services=2)


def judged(**verdicts):
    """A scorecard of one service with these verdicts."""
    rows = CARD[CARD["service"] == "service-0"].set_index("objective")
    return rows.assign(verdict=pd.Series(verdicts).reindex(rows.index).fillna("NOT_SET")).reset_index()


def test_each_finding_has_a_line_with_numbers_reason_and_what_to_do():
    said = lines(check(CARD))
    assert said[0] == (
        "Breached: service-0, Availability: 99.877 %, promised 99.9 % (Missed by 0.1 %.). "
        "Next: see in the availability report which incidents spent the error budget."
    )
    assert said[-1] == "6 objectives: 2 breached, 2 at risk, 0 met; 2 could not be judged"
    assert len(said) == 7
    (unjudged,) = [line for line in said if "service-0, Recovery time" in line]
    assert unjudged.startswith("Not enough evidence: service-0, Recovery time (RTO): promised 24 h (No fresh drill.)")
    assert "Next: run an end-to-end drill" in unjudged


def test_every_objective_has_something_to_do_next():
    assert set(NEXT) == set(MISSING) == set(OBJECTIVES) == set(ACHIEVED)


@pytest.mark.parametrize("verdict", FINDINGS)
@pytest.mark.parametrize("fail_on", FINDINGS)
def test_it_fails_on_what_it_is_told_to(verdict, fail_on):
    assert check(judged(availability=verdict), fail_on=[fail_on]).failed == (verdict == fail_on)


def test_nothing_promised_is_said():
    assert lines(check(judged())) == ["No objective is set: add objectives to services.yaml."]
    assert not check(judged()).failed


def test_what_to_fail_on_is_read():
    assert read_fail_on("breached, at_risk") == ("BREACHED", "AT_RISK")
    for words in ("met", ""):
        with pytest.raises(InputError, match="Expected --fail-on out of breached, at_risk, insufficient, got"):
            read_fail_on(words)


def test_as_json_what_is_without_limit_is_null():
    found = to_json(check(CARD))
    assert (found["judged"], found["not_judged"], found["failed"]) == (4, 2, True)
    worst = [row for row in found["findings"] if (row["service"], row["objective"]) == ("service-1", "rpo")]
    assert [row["achieved"] for row in worst] == [None]
    json.dumps(found, allow_nan=False)


def metrics(card=CARD):
    until = pd.Timestamp("2026-10-01", tz="UTC")
    ends = pd.Series([until - pd.Timedelta(hours=9), until, until])
    exposure = pd.DataFrame({
        "service": ["service-0", "service-0", "service-1"], "until_at": ends, "until_hours": [2.0, 4.0, math.inf],
        "state": ["protected", "protected", "unprotected"],
    })  # fmt: skip
    proofs = pd.Series([pd.Timestamp("2026-08-01T12:00Z"), pd.NaT])
    proven = pd.DataFrame({"service": ["service-0", "service-1"], "last_proof_at": proofs})
    text = to_openmetrics(card, FACTS, exposure=exposure, recovery_time=proven)
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[sample.name, *sample.labels.values()] = sample.value
    return text, found


def test_metrics_hold_what_was_achieved_and_promised():
    _, found = metrics()
    assert found["continuity_availability_ratio", "service-0"] == pytest.approx(0.9987654)
    assert found["continuity_availability_objective_ratio", "service-0"] == 0.999
    assert found["continuity_recovery_point_exposure_seconds", "service-1"] == math.inf
    assert ("continuity_recovery_time_seconds", "service-0") not in found  # not known: no sample
    assert found["continuity_objective_verdict", "availability", "service-0", "breached"] == 1
    assert found["continuity_objective_verdict", "availability", "service-0", "met"] == 0
    assert ("continuity_objective_verdict", "restore", "service-0", "met") not in found  # no objective is set
    assert found["continuity_objectives", "insufficient"] == 2


def test_metrics_hold_the_newest_recovery_point_and_the_last_proof():
    _, found = metrics()
    assert found["continuity_recovery_point_age_seconds", "service-0"] == 4 * 3600
    assert found["continuity_recovery_point_age_seconds", "service-1"] == math.inf
    assert ("continuity_recovery_point_timestamp_seconds", "service-1") not in found
    assert ("continuity_last_proof_timestamp_seconds", "service-1") not in found
    assert (
        found["continuity_recovery_point_timestamp_seconds", "service-0"]
        == pd.Timestamp("2026-09-30T20:00Z").timestamp()
    )
    assert (
        found["continuity_last_proof_timestamp_seconds", "service-0"] == pd.Timestamp("2026-08-01T12:00Z").timestamp()
    )
    assert found["continuity_as_of_timestamp_seconds",] == FACTS.as_of.timestamp()


needs_prometheus = pytest.mark.skipif(shutil.which("promtool") is None, reason="Debian's prometheus is not installed")


@needs_prometheus
def test_promtool_finds_no_fault():
    done = subprocess.run(["promtool", "check", "metrics"], input=metrics()[0], text=True, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = subprocess.run(["promtool", "check", "rules", RULES], text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert "SUCCESS: 6 rules found" in done.stdout


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


@needs_prometheus
@pytest.mark.skipif(shutil.which("prometheus-node-exporter") is None, reason="Debian's node_exporter is not installed")
def test_an_alert_fires_in_a_real_prometheus(tmp_path):
    exporter, server = free_port(), free_port()
    (tmp_path / "textfile").mkdir()
    (tmp_path / "textfile" / "continuity.prom").write_text(metrics()[0])
    target = {"static_configs": [{"targets": [f"127.0.0.1:{exporter}"]}], "job_name": "node", "scrape_interval": "1s"}
    config = {"global": {"evaluation_interval": "1s"}, "rule_files": [str(RULES)], "scrape_configs": [target]}
    (tmp_path / "prometheus.yml").write_text(json.dumps(config))
    commands = [
        ["prometheus-node-exporter", f"--web.listen-address=127.0.0.1:{exporter}", "--collector.disable-defaults",
         "--collector.textfile", f"--collector.textfile.directory={tmp_path / 'textfile'}"],
        ["prometheus", f"--config.file={tmp_path / 'prometheus.yml'}", f"--storage.tsdb.path={tmp_path / 'data'}",
         f"--web.listen-address=127.0.0.1:{server}"],
    ]  # fmt: skip
    running = [subprocess.Popen(c, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for c in commands]
    try:
        fired = wait_for_alerts(f"http://127.0.0.1:{server}/api/v1/alerts", seconds=90)
    finally:
        for process in running:
            process.terminate()
            process.wait(20)
    assert ("ContinuityObjectiveBreached", "service-0", "availability") in fired
    assert ("ContinuityCheckStale", None, None) in fired
    assert not any(name == "ContinuityObjectiveAtRisk" and objective == "availability" for name, _, objective in fired)


def wait_for_alerts(address, *, seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(0.5)
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                alerts = json.load(answer)["data"]["alerts"]
        except OSError:
            continue
        firing = [alert["labels"] for alert in alerts if alert["state"] == "firing"]
        if firing:
            return {(a["alertname"], a.get("service"), a.get("objective")) for a in firing}
    raise AssertionError("no alert fired")


def test_the_command_says_it_and_exits_with_one(monkeypatch, capsys, tmp_path):
    logs = tmp_path / "logs"
    logs.mkdir()
    source = '{path: "*.csv", format: csv, table: incidents, timezone: UTC,'
    source += " columns: {incident_id: id, component: service, started_at: began, restored_at: ended}}"
    (logs / "services.yaml").write_text(
        f"sources:\n- {source}\nservices:\n  web:\n    components: [web]\n"
        "    objectives: {restore: {within: 1h, for: 100%}}\n"
    )
    (logs / "incidents.csv").write_text("id,service,began,ended\n1,web,2026-07-01 10:00,2026-07-01 13:00\n")
    made = tmp_path / "continuity.prom"
    words = ["check", "--logs", logs, "--period", "2026-07", "--as-of", "2026-08-01", "--openmetrics", made]
    for extra, code in (([], 1), (["--fail-on", "insufficient"], 0), (["--json"], 1)):
        monkeypatch.setattr("sys.argv", ["continuity", *map(str, words), *extra])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        assert (stopped.value.code or 0) == code
        said = capsys.readouterr().out
        if extra == ["--json"]:
            assert json.loads(said)["failed"]
        else:
            assert said.startswith("Breached: web, Time to restore: 3 h, promised 1 h")
    assert 'continuity_restore_time_seconds{service="web"} 10800.0' in made.read_text()
