"""One call per question an SRE asks; each joins measurements and models into a tidy table."""

from continuity_analysis.questions.availability import availability, downtime

__all__ = ["availability", "downtime"]
