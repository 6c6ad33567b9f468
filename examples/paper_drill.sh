#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The drill: one earnings event traded on paper against the simulated gateway, from the scan to the closed position,
# with a killed process and a dropped connection on the way. Everything is SIMULATED and in a folder of its own.
#   examples/paper_drill.sh [SPEED]      how much faster than the world the market day runs (60)
# ALARIS and GATEWAY_SIM name other executables than the launcher's, DRILL_FOLDER another folder to work in.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
speed=${1:-60}
read -r -a alaris <<<"${ALARIS:-$root/alaris}"
read -r -a gateway_sim <<<"${GATEWAY_SIM:-$root/alaris gateway-sim}"
folder=${DRILL_FOLDER:-$(mktemp -d)}
mkdir -p "$folder/state"
cd "$folder"
export XDG_STATE_HOME=$folder/state
trader='' gateway=''
trap '[ -z "$trader" ] || kill "$trader" 2>/dev/null || :; [ -z "$gateway" ] || kill "$gateway" 2>/dev/null || :' EXIT

say() { printf '\n== %s\n' "$*"; }
fail() { printf 'drill failed: %s\n' "$*" >&2; tail -n 30 trader.log gateway.log >&2 || :; exit 1; }

# The event: a name that reports after the close of 2023-07-20. The practice begins at 15:40, skips the night, and at
# 09:35 of the next morning the gateway restarts.
cat >scenario.json <<'JSON'
{"schema": "alaris/gateway_scenario/1", "account": "DU1234567", "cash": "100000.00",
 "fills": {"policy": "marketable", "delay_ms": 1000, "parts": 2, "reorder": true, "duplicate": true},
 "faults": [{"at_ms": 64500000, "fault": "restart", "amount": 20}]}
JSON
"${alaris[@]}" version >/dev/null && "${gateway_sim[@]}" --help >/dev/null   # built before the clock starts
day=2023-07-20T15:40@$(date +%s)
market=(--symbol AAPL,MSFT --source simulated --clock "$day" --speed "$speed")
calm=(--set simulation.event_premium=2.0)

"${gateway_sim[@]}" --port 0 --scenario scenario.json "${market[@]}" "${calm[@]}" >port.txt 2>gateway.log &
gateway=$!
for _ in $(seq 200); do [ -s port.txt ] && break; sleep 0.05; done
port=$(sed 's/.*://' port.txt)
[ -n "$port" ] || fail 'the simulated gateway does not listen'
calm+=(--set "gateway.port=$port" --set gateway.account=DU1234567)

start() {
  "${alaris[@]}" "${calm[@]}" trade start --paper --account DU1234567 "${market[@]}" 2>>trader.log &
  trader=$!
}
ours() { "${alaris[@]}" order list --format csv 2>/dev/null || :; }
wait_for() {  # a pattern in the orders, as long as the drill may take
  for _ in $(seq 600); do ours | grep -q "$1" && return 0; sleep 0.1; done
  fail "no order shows '$1'"
}

say 'a paper session starts, reconciles, scans before the close and enters a calendar'
start
wait_for 'entry,.*,filled'
ours
say 'the process is killed, without a word'
kill -9 "$trader"; wait "$trader" 2>/dev/null || :
say 'it starts again: the journal knows what is held; the night passes, the gateway restarts, the exit walks its ladder'
start
wait_for 'exit,.*,filled'
ours
say 'the books, as the broker has them'
"${alaris[@]}" position reconcile || fail 'the books differ'
say 'what the orders cost against the quotes they met, and what the trade made'
"${alaris[@]}" trade report
[ "$("${alaris[@]}" trade report --format csv | tail -n +2 | cut -d, -f10 | grep -c '[0-9]')" = 2 ] || fail 'an order has no arrival price'
say 'it is stopped, and what the broker holds is asked once more'
"${alaris[@]}" trade stop || fail 'the session did not stop'
wait "$trader" || fail "the session ended with $?"
trader=''
"${alaris[@]}" "${calm[@]}" position reconcile || fail 'the books differ after the stop'

say 'what happened'
cat trader.log
[ "$("${alaris[@]}" position list --format csv | wc -l)" = 1 ] || fail 'a position is left'
grep -q 'reconnect' trader.log || fail 'the connection did not drop'
[ "$(grep -c 'send .*-entry' trader.log)" = 1 ] || fail 'the entry was not sent exactly once'
[ "$(grep -c 'send .*-exit' trader.log)" = 1 ] || fail 'the exit was not sent exactly once'
say 'the drill is done'
