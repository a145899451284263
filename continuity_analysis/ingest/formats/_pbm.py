"""What the Percona Backup for MongoDB exports share: its words for where a backup or restore stands."""

RUNNING = "status IN ('init', 'ready', 'starting', 'dumpDone', 'copyReady', 'copyDone', 'cleanupCluster', 'down')"
FAILED = "status IN ('error', 'canceled', 'cancelled')"
