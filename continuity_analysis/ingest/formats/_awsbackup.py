"""What the AWS exports share: moments as the command line tool writes them, and where a vault lies.

Version 1 of the tool writes seconds since 1970 with a fraction, version 2 ISO text with an offset.
"""


def at(field: str) -> str:
    """SQL of a moment in either spelling; what is neither stays and is rejected."""
    return f"CASE WHEN try_cast({field} AS DOUBLE) IS NOT NULL THEN epoch_s({field}) ELSE moment({field}) END"


def region_of(arn: str) -> str:
    """SQL of the region that an ARN names; null where it names none."""
    return f"split_part({arn}, ':', 4)"


LOCATION = f"concat_ws('/', {region_of('vault_arn')}, vault)"
CONTINUOUS = "contains(point, ':continuous:')"
