"""Continuity analytics: how resilient are we, really, and can you prove it?

Data flows one way, and a stage imports only from stages to its left::

    log files -> ingest -> store -> logs -> measurements -> models -> questions -> figures -> reports

Start with `read_logs` (a folder of logs) or `open_store` (everything ever ingested), then ask: `availability`,
`restoration`, `recovery_point`, `recovery_time`, `scorecard`, `data_quality`.

>>> import continuity_analysis as ca
>>> logs = ca.read_logs("data/sample")                      # doctest: +SKIP
>>> ca.scorecard(logs, period="2026Q3")                     # doctest: +SKIP
"""

from importlib import import_module

__version__ = "0.1.0"

_STARTS = {
    "read_logs": "logs",
    "logs_for_notebook": "logs",
    "open_store": "logs",
    "read_catalog": "catalog",
    "read_period": "periods",
    "availability": "questions",
    "availability_over_time": "questions",
    "corrections": "questions",
    "downtime": "questions",
    "downtime_by_cause": "questions",
    "downtime_concentration": "questions",
    "dependencies": "questions",
    "dependency_edges": "questions",
    "improvement_gains": "questions",
    "self_healing": "questions",
    "reconnection": "questions",
    "change_outcomes": "questions",
    "after_changes": "questions",
    "expected_availability": "questions",
    "failure_rates": "questions",
    "trends": "questions",
    "cumulative_failures": "questions",
    "restoration": "questions",
    "compare_restoration": "questions",
    "compare_before_after": "questions",
    "restoration_visibility": "questions",
    "response_times": "questions",
    "restoration_phases": "questions",
    "incidents_by_hour": "questions",
    "restoration_fits": "questions",
    "restoration_fit_curves": "questions",
    "pooled_restoration": "questions",
    "durations": "questions",
    "survival": "questions",
    "recovery_point": "questions",
    "exposure": "questions",
    "exposure_law": "questions",
    "exposure_episodes": "questions",
    "recovery_point_views": "questions",
    "exposure_at_incidents": "questions",
    "incident": "questions.incident",
    "incident_exposures": "questions",
    "incident_timeline": "questions",
    "Choice": "questions.selection",
    "choose_incidents": "questions.selection",
    "retention_depth": "questions",
    "retention": "questions",
    "retention_law": "questions",
    "realised_loss": "questions",
    "backup_health": "questions",
    "backup_runs": "questions",
    "backup_history": "questions",
    "backup_trends": "questions",
    "backup_retention": "questions",
    "expected_recovery_point": "questions",
    "schedule_needed": "questions",
    "recovery_time": "questions",
    "recovery_phases": "questions",
    "recovery_survival": "questions",
    "recovery_chain": "questions",
    "recovery_chain_steps": "questions",
    "restores": "questions",
    "restore_time_by_size": "questions",
    "restore_size_curve": "questions",
    "size_course": "questions",
    "throughput": "questions",
    "fitted_recovery_time": "questions",
    "phase_shares": "questions",
    "drill_findings": "questions",
    "longest_disruptions": "questions",
    "redrawn_recovery_time": "questions",
    "request_availability": "questions",
    "request_minutes": "questions",
    "agreement": "questions",
    "disagreements": "questions",
    "error_budget": "questions",
    "budget_spent": "questions",
    "budget_course": "questions",
    "estimated_expected_achieved": "questions",
    "readiness": "questions",
    "readiness_counts": "questions",
    "scorecard": "questions",
    "composite_scorecard": "questions",
    "reachable_availability": "questions",
    "verdict_history": "questions",
    "what_if": "questions",
    "risks": "questions",
    "actions": "questions",
    "answers_for_notebook": "questions.service_review",
    "review_answers": "questions.service_review",
    "service_review": "questions.service_review",
    "data_quality": "questions",
    "tear_sheet": "figures.tear_sheet",
    "explore": "figures.explorer",
}
__all__ = ["__version__", *_STARTS]


def __getattr__(name: str):
    """Load the few names an explorer starts with when they are first used."""
    if name in _STARTS:
        return getattr(import_module(f"continuity_analysis.{_STARTS[name]}"), name)
    raise AttributeError(f"module 'continuity_analysis' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
