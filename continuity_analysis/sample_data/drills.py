"""Recovery drills and one real recovery: staged disruptions, their phases, outcomes and findings."""

from dataclasses import dataclass, field

import numpy as np

from continuity_analysis.sample_data.backups import Run
from continuity_analysis.sample_data.moments import DAY, HOUR, MINUTE

FINDINGS = (
    "Runbook named a bucket that no longer exists",
    "Credentials for the restore host had expired",
    "Indexes were rebuilt one after the other instead of in parallel",
    "On-call could not reach the storage team",
    "DNS entries were kept for an hour",
    "Restore went through a slow link between zones",
    "Nobody was sure who may declare a disaster",
    "",
    "",
    "",
)
SCENARIOS = ("database lost", "zone lost", "data encrypted by an intruder", "table dropped by mistake")
SHARES = {"detect": 0.05, "declare": 0.09, "start": 0.06, "restore": 0.55, "bring back": 0.25}


@dataclass(frozen=True)
class Plan:
    """Recoveries of one service: how long one takes [h], how many months before the end each was, and which differ.

    Those not in `outcomes` were completed; those in `real` were no drills.
    """

    service: str
    asset: str
    hours: float
    months: tuple[int, ...]
    outcomes: dict[int, str] = field(default_factory=dict)
    real: tuple[int, ...] = ()


PLANS = (
    Plan("checkout", "mongo-prod", 3.6, (17, 14, 11, 8, 5, 2), {11: "failed"}),
    Plan("mongo", "mongo-prod", 3.1, (16, 12, 9, 6, 3, 1), {9: "aborted"}),
    Plan("accounts", "accounts-db", 3.4, (15, 10, 7, 4, 1)),
    Plan("payments", "accounts-db", 4.6, (9, 6, 3), real=(3,)),
    Plan("ingress", "", 0.7, (13, 8, 2)),
)


@dataclass(frozen=True)
class Drill:
    """One attempt; a phase that was not reached is None."""

    number: int
    service: str
    scenario: str
    kind: str
    plan_version: str
    disrupted: int
    detected: int
    declared: int
    started: int
    data_restored: int | None
    service_restored: int | None
    ended: int
    outcome: str
    backup: Run | None
    findings: tuple[str, ...]


@dataclass(frozen=True)
class _Call:
    """When a drill is called, by which plan, how long its phases take [s], what was learned."""

    moment: int
    plan: Plan
    kind: str
    outcome: str
    seconds: tuple[int, ...]
    findings: tuple[str, ...]
    scenario: str


def hold_drills(
    services: set[str], runs: dict[str, tuple[Run, ...]], *, start: int, end: int, rng: np.random.Generator
) -> tuple[Drill, ...]:
    """The drills of the plans whose service exists, in order of time, each from the newest backup there was."""
    calls = [_call(plan, months, end=end, rng=rng) for plan in PLANS for months in plan.months]
    held = [c for c in calls if c.plan.service in services and start < c.moment < end - 3 * DAY]
    held.sort(key=lambda c: c.moment)
    return tuple(_attempt(n, call, runs=runs.get(call.plan.asset, ())) for n, call in enumerate(held, start=1))


def _call(plan: Plan, months: int, *, end: int, rng: np.random.Generator) -> _Call:
    day = (end - int((30.4 * months - rng.uniform(2, 20)) * DAY)) // DAY * DAY
    noise = np.exp(0.3 * rng.standard_normal(len(SHARES)))
    drawn = (FINDINGS[i] for i in rng.integers(0, len(FINDINGS), 2))
    return _Call(
        moment=day + 9 * HOUR + int(rng.integers(0, 3 * HOUR)),
        plan=plan,
        kind="restore" if months in plan.real else "drill",
        outcome=plan.outcomes.get(months, "completed"),
        seconds=tuple(round(plan.hours * HOUR * s * f) for s, f in zip(SHARES.values(), noise, strict=True)),
        findings=tuple(dict.fromkeys(f for f in drawn if f)),
        scenario=SCENARIOS[int(rng.integers(len(SCENARIOS)))] if plan.asset else "zone lost",
    )


def _attempt(number: int, call: _Call, *, runs: tuple[Run, ...]) -> Drill:
    detected, declared, started, restored, back = (call.moment + int(t) for t in np.cumsum(call.seconds))
    done = call.outcome == "completed"
    usable = [r for r in runs if not r.failure and r.finished <= call.moment < r.removed]
    return Drill(
        number=number,
        service=call.plan.service,
        scenario=call.scenario,
        kind=call.kind,
        plan_version=f"{3 + number // 8}.{number % 8}",
        disrupted=call.moment,
        detected=detected,
        declared=declared,
        started=started,
        data_restored=restored if done and call.plan.asset else None,
        service_restored=back if done else None,
        ended={"completed": back, "failed": restored + 2 * HOUR, "aborted": started + 50 * MINUTE}[call.outcome],
        outcome=call.outcome,
        backup=max(usable, key=lambda r: r.point, default=None),
        findings=call.findings,
    )
