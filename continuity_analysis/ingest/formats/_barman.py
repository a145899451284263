"""What both Barman exports share."""

LOCATION = "'catalogue'"
STATUS = """CASE WHEN phase = 'DONE' THEN 'completed' WHEN phase = 'FAILED' THEN 'failed'
        WHEN phase IN ('EMPTY', 'STARTED', 'SYNCING', 'WAITING_FOR_WALS') THEN 'running' ELSE phase END"""
METHOD = "CASE WHEN type = 'rsync' THEN 'full' ELSE type END"


def recovery_point(moment: str) -> str:
    """SQL of recovery point, what it rests on, and the end: known of a backup that is consistent."""
    return f"""CASE WHEN phase = 'DONE' THEN {moment} END AS recovery_point_at,
            CASE WHEN recovery_point_at IS NOT NULL THEN 'backup_end' END AS recovery_point_basis,
            recovery_point_at AS finished_at"""
