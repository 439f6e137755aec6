#!/bin/sh
# PHAROS_ID: a device of Pharos without a connection. It reports with curl, and is told what is wished of it.
HUB='PHAROS_ADDRESS/api/devices/PHAROS_ID/reports'
KEPT="${TMPDIR:-/tmp}/PHAROS_ID.reports"

measure() { # your sensor
  awk -v seed=$$ 'BEGIN { srand(); srand(srand() + seed); printf "{\"temperature\": %.2f}", 20 + rand() }'
}

# $1: one report, {"temperature": 21.5}, or several with their times in ms, [[1700000000000, {"temperature": 21.5}], …]
send() {
  curl --fail --silent --show-error --max-time 10 --header 'Content-Type: application/json' \
    PHAROS_CURL_TOKEN--data "$1" --write-out '\n' "$HUB"
}

while true; do
  values=$(measure) at=$(date +%s)000
  send "$values"
  case $? in
    0) [ ! -s "$KEPT" ] || { send "[$(paste -sd, "$KEPT")]" && rm "$KEPT"; } ;;
    22) ;; # the hub refused it
    *) # the hub is away: kept with its time, the newest hundred
      echo "[$at, $values]" >>"$KEPT"
      tail -n 100 "$KEPT" >"$KEPT.new" && mv "$KEPT.new" "$KEPT"
      ;;
  esac
  sleep 5
done
