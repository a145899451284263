"""The scorecard as an OpenMetrics text file, for the textfile collector of Prometheus' node_exporter.

Names follow Prometheus' conventions: base units (seconds, ratios) as suffix, one meaning per name. What is not known
has no sample; what is without limit is +Inf.
"""

import math
from collections.abc import Iterable

import pandas as pd

from continuity_analysis.models.verdicts import VERDICTS
from continuity_analysis.reports.facts import RunFacts

ACHIEVED = {
    "availability": ("continuity_availability", "ratio", "Share of the agreed, watched hours in which it was up."),
    "requests": ("continuity_requests_success", "ratio", "Share of its requests that did not fail."),
    "latency": ("continuity_requests_within_limit", "ratio", "Share of its requests answered within the limit."),
    "restore": ("continuity_restore_time", "seconds", "Time by which the promised share of incidents was restored."),
    "rpo": ("continuity_recovery_point_exposure", "seconds", "Exposure kept to for the promised share of the time."),
    "rto": ("continuity_recovery_time", "seconds", "Slowest evaluable recovery or drill."),
    "mtpd": ("continuity_longest_disruption", "seconds", "Longest single disruption."),
}
"""What each objective's achieved value is called, its unit, and what it says."""


def to_openmetrics(
    scorecard: pd.DataFrame, facts: RunFacts, *, exposure: pd.DataFrame, recovery_time: pd.DataFrame
) -> str:
    """The content of the file.

    Parameters
    ----------
    scorecard : DataFrame
        As `continuity_analysis.scorecard` returns it.
    facts : RunFacts
        What it was made from.
    exposure : DataFrame
        As `continuity_analysis.exposure` returns it, by service, up to as_of.
    recovery_time : DataFrame
        As `continuity_analysis.recovery_time` returns it.
    """
    from prometheus_client.core import CollectorRegistry
    from prometheus_client.openmetrics.exposition import generate_latest

    families = [*_objectives(scorecard), *_moments(exposure, recovery_time), *_run(scorecard, facts)]
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collected(families))
    return generate_latest(registry).decode()


class _Collected:
    """What prometheus_client takes metric families from."""

    def __init__(self, families: list) -> None:
        self.families = families

    def collect(self) -> list:
        return self.families


def _objectives(scorecard: pd.DataFrame) -> Iterable:
    for objective, (name, unit, words) in ACHIEVED.items():
        rows = scorecard[scorecard["objective"] == objective]
        yield _gauge(f"{name}_{unit}", words, unit, zip(rows["service"], rows["achieved"], strict=True))
        promised = f"Promised: {words[0].lower()}{words[1:]}"
        yield _gauge(f"{name}_objective_{unit}", promised, unit, zip(rows["service"], rows["target"], strict=True))
    verdicts = _family("continuity_objective_verdict", "1 for the verdict on each objective that is set.", "",
                       ["service", "objective", "verdict"])  # fmt: skip
    for row in scorecard[scorecard["verdict"] != "NOT_SET"].itertuples():
        for verdict in VERDICTS[:-1]:
            verdicts.add_metric([row.service, row.objective, verdict.lower()], float(row.verdict == verdict))
    yield verdicts


def _moments(exposure: pd.DataFrame, recovery_time: pd.DataFrame) -> Iterable:
    last = exposure.sort_values("until_at").groupby("service").tail(1)
    known = last[last["state"] != "unknown"]
    age = known["until_hours"].where(known["state"] == "protected", math.inf) * 3600
    said = "Age of the newest usable recovery point when the logs ended; +Inf where there was none."
    yield _gauge("continuity_recovery_point_age_seconds", said, "seconds", zip(known["service"], age, strict=True))
    held = known[known["state"] == "protected"]
    moment = _seconds(held["until_at"]) - held["until_hours"].astype(float) * 3600
    said = "Moment of the newest usable recovery point, Unix time."
    name = "continuity_recovery_point_timestamp_seconds"
    yield _gauge(name, said, "seconds", zip(held["service"], moment, strict=True))
    proof = zip(recovery_time["service"], _seconds(recovery_time["last_proof_at"]), strict=True)
    said = "Last successful end-to-end recovery or drill, Unix time."
    yield _gauge("continuity_last_proof_timestamp_seconds", said, "seconds", proof)


def _run(scorecard: pd.DataFrame, facts: RunFacts) -> Iterable:
    said = "Moment the numbers speak of, Unix time."
    as_of = _family("continuity_as_of_timestamp_seconds", said, "seconds", [])
    if not pd.isna(facts.as_of):
        as_of.add_metric([], facts.as_of.timestamp())
    yield as_of
    counted = _family("continuity_objectives", "Objectives by verdict.", "", ["verdict"])
    counts = scorecard["verdict"].value_counts()
    for verdict in VERDICTS:
        counted.add_metric([verdict.lower()], float(counts.get(verdict, 0)))
    yield counted
    rejected = _family("continuity_rejected_records", "Records of logs that could not be used.", "", [])
    rejected.add_metric([], float(facts.rejected))
    yield rejected


def _gauge(name: str, words: str, unit: str, samples: Iterable):
    family = _family(name, words, unit, ["service"])
    for service, value in samples:
        if not pd.isna(value):
            family.add_metric([service], float(value))
    return family


def _family(name: str, words: str, unit: str, labels: list[str]):
    from prometheus_client.core import GaugeMetricFamily

    return GaugeMetricFamily(name, words, labels=labels, unit=unit)


def _seconds(moments: pd.Series) -> pd.Series:
    return (moments - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(seconds=1)
