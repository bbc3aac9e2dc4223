#!/bin/sh
# "As fast as what one would take instead?": four validators of CometBFT 0.38 and four of Cairn on this machine, one after the other.
#   bench/cometbft.sh [WARM SECONDS]    needs curl and Go 1.22 or later, which fetches and builds CometBFT, and free ports 4600 to 4607
# CometBFT is tuned for speed: no pause between blocks, no second check of what waits, no index, fast gossip, a large pool. Its key-value
# application verifies no signatures; Cairn verifies each at each node.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
warm=${1:-35}
seconds=${2:-20}
for tool in curl go; do
  command -v "$tool" >/dev/null 2>&1 || { echo "bench: $tool is missing; install it (Go: 1.22 or later, to build CometBFT)." >&2; exit 1; }
done
dir=$(mktemp -d)
pids=
trap 'kill $pids 2>/dev/null || true; sleep 2; rm -rf "$dir"' EXIT INT TERM
GOBIN=$dir go install github.com/cometbft/cometbft/cmd/cometbft@v0.38.17
# One address a node, since its peers are told apart by their addresses.
"$dir/cometbft" testnet --v 4 --o "$dir/net" --populate-persistent-peers --starting-ip-address 127.0.0.1 >/dev/null 2>&1
for i in 0 1 2 3; do
  address=127.0.0.$((i + 1))
  sed -i "s#^proxy_app = .*#proxy_app = \"kvstore\"#
s#tcp://127.0.0.1:26657#tcp://$address:26657#
s#tcp://0.0.0.0:26656#tcp://$address:26656#
s#^log_level = .*#log_level = \"error\"#
s#^timeout_commit = .*#timeout_commit = \"0s\"#
s#^skip_timeout_commit = .*#skip_timeout_commit = true#
s#^peer_gossip_sleep_duration = .*#peer_gossip_sleep_duration = \"5ms\"#
s#^flush_throttle_timeout = .*#flush_throttle_timeout = \"5ms\"#
s#^\(send\|recv\)_rate = .*#\1_rate = 51200000#
s#^recheck = .*#recheck = false#
s#^indexer = .*#indexer = \"null\"#
s#^size = 5000#size = 10000#
s#^cache_size = 10000#cache_size = 100000#
s#^max_request_batch_size = .*#max_request_batch_size = 32#" "$dir/net/node$i/config/config.toml"
  "$dir/cometbft" start --home "$dir/net/node$i" >"$dir/node$i.log" 2>&1 &
  pids="$pids $!"
done
until curl -sf http://127.0.0.2:26657/status >/dev/null; do
  # shellcheck disable=SC2086 # the process ids are words
  kill -0 $pids 2>/dev/null || { cat "$dir"/node?.log >&2; exit 1; }
  sleep 0.2
done
# shellcheck disable=SC2086 # the process ids are words
"$root/bench/run" comet http://127.0.0.2:26657 "$warm" "$seconds" $pids
# shellcheck disable=SC2086
kill $pids
# shellcheck disable=SC2086
wait $pids 2>/dev/null || true

"$root/cairn" testnet --dir "$dir/cairn" >"$dir/cairn.log" 2>&1 &
pids=$!
until grep -q '^password' "$dir/cairn.log"; do
  kill -0 "$pids" 2>/dev/null || { cat "$dir/cairn.log" >&2; exit 1; }
  sleep 0.2
done
"$root/bench/run" chain http://127.0.0.1:4603 "$dir/cairn" "$warm" "$seconds" 1
