"""What was observed: intervals, outages, coverage, down time, durations, exposure, recoveries; nothing is inferred."""
