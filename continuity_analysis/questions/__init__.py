"""One call per question an SRE asks; each joins measurements and models into a tidy table."""

from continuity_analysis.questions.availability import availability, downtime
from continuity_analysis.questions.restoration import durations, restoration, survival

__all__ = ["availability", "downtime", "durations", "restoration", "survival"]
