"""One call per question an SRE asks; each joins measurements and models into a tidy table."""

from continuity_analysis.questions.availability import availability, downtime
from continuity_analysis.questions.availability_over_time import availability_over_time
from continuity_analysis.questions.causes import downtime_by_cause, downtime_concentration
from continuity_analysis.questions.comparisons import (
    compare_before_after,
    compare_restoration,
    restoration_visibility,
)
from continuity_analysis.questions.corrections import corrections
from continuity_analysis.questions.data_quality import data_quality
from continuity_analysis.questions.dependencies import dependencies, dependency_edges, improvement_gains
from continuity_analysis.questions.disagreement import agreement, disagreements
from continuity_analysis.questions.error_budget import budget_course, budget_spent, error_budget
from continuity_analysis.questions.expected_availability import expected_availability, failure_rates
from continuity_analysis.questions.exposure_at_incidents import exposure_at_incidents, incident_exposures
from continuity_analysis.questions.planned_changes import after_changes, change_outcomes
from continuity_analysis.questions.realised_loss import realised_loss
from continuity_analysis.questions.recovery_chain import recovery_chain, recovery_chain_steps
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
from continuity_analysis.questions.scorecard import scorecard
from continuity_analysis.questions.selection import incident_timeline
from continuity_analysis.questions.self_healing import reconnection, self_healing
from continuity_analysis.questions.trends import cumulative_failures, trends

__all__ = [
    "after_changes",
    "agreement",
    "availability",
    "availability_over_time",
    "budget_course",
    "budget_spent",
    "change_outcomes",
    "compare_before_after",
    "compare_restoration",
    "corrections",
    "cumulative_failures",
    "data_quality",
    "dependencies",
    "dependency_edges",
    "disagreements",
    "downtime",
    "downtime_by_cause",
    "downtime_concentration",
    "durations",
    "error_budget",
    "expected_availability",
    "exposure",
    "exposure_at_incidents",
    "exposure_episodes",
    "exposure_law",
    "failure_rates",
    "improvement_gains",
    "incident_exposures",
    "incident_timeline",
    "incidents_by_hour",
    "realised_loss",
    "reconnection",
    "recovery_chain",
    "recovery_chain_steps",
    "recovery_phases",
    "recovery_point",
    "recovery_point_views",
    "recovery_survival",
    "recovery_time",
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
    "scorecard",
    "self_healing",
    "size_course",
    "survival",
    "throughput",
    "trends",
]
