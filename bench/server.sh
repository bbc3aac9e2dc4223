#!/bin/sh
# "As fast as a server?": one file, verified, from nginx and from Cairn peers on this machine, one after the other in one run.
#   bench/server.sh [MiB] [ROUNDS]      needs nginx, curl, openssl and sha256sum
# nginx serves the file over TLS 1.3 to curl, piped into sha256sum; peers serve as much over TCP + Noise to a peer that checks each block.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
size=${1:-1024}
rounds=${2:-6}
. "$root/bench/nginx.sh"
need nginx curl openssl sha256sum
dir=$(mktemp -d)
trap 'kill "$(cat "$dir/pid" 2>/dev/null)" 2>/dev/null || true; rm -rf "$dir"' EXIT INT TERM
server_folder "$dir" 127.0.0.1:24443 "$size"
nginx -p "$dir" -c "$dir/conf"

# The wall time of curl and sha256sum together, as MB/s.
server() {
  i=1
  while [ $i -le "$rounds" ]; do
    begin=$(date +%s%N)
    curl -sk https://127.0.0.1:24443/file | sha256sum >/dev/null
    end=$(date +%s%N)
    echo "nginx + curl + sha256sum, round $i: $((size * 1048576 * 1000 / (end - begin))) MB/s"
    i=$((i + 1))
  done
}

server
"$root/bench/run" files "$size" 1 "$rounds"
server
"$root/bench/run" files "$size" 8 "$rounds"
