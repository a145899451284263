"""One call per question an SRE asks; each joins measurements and models into a tidy table."""

from continuity_analysis.questions.actions import actions
from continuity_analysis.questions.availability import availability, downtime
from continuity_analysis.questions.availability_over_time import availability_over_time
from continuity_analysis.questions.backup_health import backup_health, backup_runs
from continuity_analysis.questions.backup_trends import backup_history, backup_retention, backup_trends
from continuity_analysis.questions.causes import downtime_by_cause, downtime_concentration
from continuity_analysis.questions.comparisons import (
    compare_before_after,
    compare_restoration,
    restoration_visibility,
)
from continuity_analysis.questions.composites import composite_scorecard, reachable_availability
from continuity_analysis.questions.corrections import corrections
from continuity_analysis.questions.data_quality import data_quality
from continuity_analysis.questions.dependencies import dependencies, dependency_edges, improvement_gains
from continuity_analysis.questions.disagreement import agreement, disagreements
from continuity_analysis.questions.drill_findings import drill_findings
from continuity_analysis.questions.error_budget import budget_course, budget_spent, error_budget
from continuity_analysis.questions.estimates import estimated_expected_achieved
from continuity_analysis.questions.expected_availability import expected_availability, failure_rates
from continuity_analysis.questions.expected_recovery_point import expected_recovery_point
from continuity_analysis.questions.exposure_at_incidents import exposure_at_incidents, incident_exposures
from continuity_analysis.questions.longest_disruptions import longest_disruptions
from continuity_analysis.questions.planned_changes import after_changes, change_outcomes
from continuity_analysis.questions.pooling import pooled_restoration
from continuity_analysis.questions.readiness import readiness, readiness_counts
from continuity_analysis.questions.realised_loss import realised_loss
from continuity_analysis.questions.recovery_chain import recovery_chain, recovery_chain_steps
from continuity_analysis.questions.recovery_laws import fitted_recovery_time, phase_shares, redrawn_recovery_time
from continuity_analysis.questions.recovery_point import exposure, exposure_episodes, exposure_law, recovery_point
from continuity_analysis.questions.recovery_point_views import recovery_point_views
from continuity_analysis.questions.recovery_time import recovery_phases, recovery_survival, recovery_time
from continuity_analysis.questions.requests import request_availability, request_minutes
from continuity_analysis.questions.restoration import durations, restoration, survival
from continuity_analysis.questions.restoration_fits import restoration_fit_curves, restoration_fits
from continuity_analysis.questions.restoration_phases import incidents_by_hour, response_times, restoration_phases
from continuity_analysis.questions.restore_size import restore_size_curve, restore_time_by_size, size_course
from continuity_analysis.questions.restores import restores, throughput
from continuity_analysis.questions.retention_depth import retention, retention_depth, retention_law
from continuity_analysis.questions.risks import risks
from continuity_analysis.questions.scenarios import what_if
from continuity_analysis.questions.schedule_needed import schedule_needed
from continuity_analysis.questions.scorecard import scorecard
from continuity_analysis.questions.selection import incident_timeline
from continuity_analysis.questions.self_healing import reconnection, self_healing
from continuity_analysis.questions.trends import cumulative_failures, trends
from continuity_analysis.questions.verdict_history import verdict_history

__all__ = [
    "actions",
    "after_changes",
    "agreement",
    "availability",
    "availability_over_time",
    "backup_health",
    "backup_history",
    "backup_retention",
    "backup_runs",
    "backup_trends",
    "budget_course",
    "budget_spent",
    "change_outcomes",
    "compare_before_after",
    "compare_restoration",
    "composite_scorecard",
    "corrections",
    "cumulative_failures",
    "data_quality",
    "dependencies",
    "dependency_edges",
    "disagreements",
    "downtime",
    "downtime_by_cause",
    "downtime_concentration",
    "drill_findings",
    "durations",
    "error_budget",
    "estimated_expected_achieved",
    "expected_availability",
    "expected_recovery_point",
    "exposure",
    "exposure_at_incidents",
    "exposure_episodes",
    "exposure_law",
    "failure_rates",
    "fitted_recovery_time",
    "improvement_gains",
    "incident_exposures",
    "incident_timeline",
    "incidents_by_hour",
    "longest_disruptions",
    "phase_shares",
    "pooled_restoration",
    "reachable_availability",
    "readiness",
    "readiness_counts",
    "realised_loss",
    "reconnection",
    "recovery_chain",
    "recovery_chain_steps",
    "recovery_phases",
    "recovery_point",
    "recovery_point_views",
    "recovery_survival",
    "recovery_time",
    "redrawn_recovery_time",
    "request_availability",
    "request_minutes",
    "response_times",
    "restoration",
    "restoration_fit_curves",
    "restoration_fits",
    "restoration_phases",
    "restoration_visibility",
    "restore_size_curve",
    "restore_time_by_size",
    "restores",
    "retention",
    "retention_depth",
    "retention_law",
    "risks",
    "schedule_needed",
    "scorecard",
    "self_healing",
    "size_course",
    "survival",
    "throughput",
    "trends",
    "verdict_history",
    "what_if",
]
