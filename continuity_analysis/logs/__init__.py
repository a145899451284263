"""The tables in hand: what all exports together say, joined, cut at a moment and mapped to services.

`read_logs` reads files, `open_store` a store; both give a frozen `Logs` of plain DataFrames.
"""

from continuity_analysis.logs.current import current_rows
from continuity_analysis.logs.in_hand import Logs
from continuity_analysis.logs.opening import logs_for_notebook, open_store, read_logs

__all__ = ["Logs", "current_rows", "logs_for_notebook", "open_store", "read_logs"]
