#!/bin/sh
# New exports into the store, then the report; what has not changed is not run again. Secrets are in a file that only
# this user may read: chmod 600 $CONTINUITY/secrets.env
set -eu
: "${CONTINUITY:=/opt/continuity}"
if [ -f "$CONTINUITY/secrets.env" ]; then
    set -a
    . "$CONTINUITY/secrets.env"
    set +a
fi
continuity ingest "$CONTINUITY/logs" --store "$CONTINUITY/store"
exec continuity report --store "$CONTINUITY/store" --catalog "$CONTINUITY/logs/services.yaml" \
    --period "${CONTINUITY_PERIOD:-last-week}" --timezone "${CONTINUITY_TIMEZONE:-UTC}" \
    --out "$CONTINUITY/reports" --keep 12 --resume --wait 600 --log "${CONTINUITY_LOG:-text}" ${CONTINUITY_TELL:-}
