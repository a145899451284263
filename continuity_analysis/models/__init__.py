"""What is inferred from what was observed: per estimate its interval and sample size; and the verdicts."""
