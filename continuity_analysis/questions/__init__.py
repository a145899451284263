"""One call per question an SRE asks; each joins measurements and models into a tidy table."""

from continuity_analysis.questions.availability import availability, downtime
from continuity_analysis.questions.data_quality import data_quality
from continuity_analysis.questions.restoration import durations, restoration, survival

__all__ = ["availability", "data_quality", "downtime", "durations", "restoration", "survival"]
