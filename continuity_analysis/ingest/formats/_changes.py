"""What the exports of deployments share: SQL that knows a roll-back.

A deployment is a roll-back where it succeeded and its version was first deployed before the one that it replaces, at
the same place and as far as the file reaches back. The same version again is none, nor is going forward afterwards.
"""

ROLLED_BACK = """
    first_told AS (
        SELECT record_no, place, t, min(t) OVER (PARTITION BY place, sha) AS first
        FROM told WHERE status = 'completed' AND sha IS NOT NULL AND isfinite(t)
    ), rolled_back AS (
        SELECT record_no FROM (SELECT record_no, first < lag(first) OVER (PARTITION BY place ORDER BY t, record_no)
            AS older FROM first_told) WHERE older
    )"""
"""Common table expressions on `told` (record_no, place, sha, t, status); `rolled_back` has the record_no of each."""
KIND = "CASE WHEN record_no IN (SELECT record_no FROM rolled_back) THEN 'rollback' ELSE 'deployment' END"
