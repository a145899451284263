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
from continuity_analysis.questions.expected_recovery_point import expected_recovery_point
from continuity_analysis.questions.planned_changes import after_changes, change_outcomes
from continuity_analysis.questions.recovery_point import exposure, exposure_episodes, exposure_law, recovery_point
from continuity_analysis.questions.recovery_time import recovery_phases, recovery_survival, recovery_time
from continuity_analysis.questions.requests import request_availability, request_minutes
from continuity_analysis.questions.restoration import durations, restoration, survival
from continuity_analysis.questions.schedule_needed import schedule_needed
from continuity_analysis.questions.scorecard import scorecard
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
    "expected_recovery_point",
    "exposure",
    "exposure_episodes",
    "exposure_law",
    "failure_rates",
    "improvement_gains",
    "reconnection",
    "recovery_phases",
    "recovery_point",
    "recovery_survival",
    "recovery_time",
    "request_availability",
    "request_minutes",
    "restoration",
    "restoration_visibility",
    "schedule_needed",
    "scorecard",
    "self_healing",
    "survival",
    "trends",
]
