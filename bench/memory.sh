#!/bin/sh
# Memory of real nodes while files go in and out, and how fast they do:
#   bench/memory.sh [GIB] [PORT]      default 4 GiB; two nodes on PORT to PORT+3 (default 24500)
#
# Starts a testnet of two nodes in a temporary folder (under TMPDIR; it takes four times the GiB, and 6 GiB more),
# adds 1 GiB of random bytes to a node that has just started and 1 GiB more to the same node, then a file of that many
# GiB; then the other node fetches that file with `cairn file get` and it is compared with the first; then both are left
# alone for a minute. For each step and node: the rate from the start of the command to its end, in MB (10^6 bytes) a
# second; the CPU seconds that the node used for each GB; the most resident memory that the kernel saw (VmHWM, reset
# before each step), and what of it was anonymous and what mapped files (RssAnon, RssFile, looked at five times a
# second). The rate of `get` counts both halves: from peer to node, and from the node to the file, hashed once more.
#
# Needs Linux. Exit code 1 when a node had 256 MiB or more at any time, or when the bytes are not the same.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
cairn=$root/cairn
gib=${1:-4}
port=${2:-24500}
limit_kib=$((256 * 1024))
dir=$(mktemp -d "${TMPDIR:-/tmp}/cairn-memory.XXXXXX")
testnet=
watchers=
over=0

stop() {
  [ -z "$watchers" ] || kill $watchers 2>/dev/null || true
  [ -z "$testnet" ] || kill "$testnet" 2>/dev/null || true
  [ -z "$testnet" ] || wait "$testnet" 2>/dev/null || true
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM

# of PID FIELD: a number of /proc/PID/status.
of() {
  sed -n "s/^$2:[^0-9]*\([0-9]*\).*/\1/p" "/proc/$1/status"
}

# look PID FILE: writes down the largest resident memory and its parts, until it is ended.
look() {
  most=0
  while [ -r "/proc/$1/status" ]; do
    rss=0
    while read -r name kib _; do
      case $name in
        VmRSS:) rss=$kib ;;
        RssAnon:) anon=$kib ;;
        RssFile:) file=$kib ;;
      esac
    done <"/proc/$1/status"
    if [ "$rss" -gt "$most" ]; then
      most=$rss
      echo "$anon $file" >"$2"
    fi
    sleep 0.2
  done
}

# ticks PID: the CPU time of a process, in hundredths of a second.
ticks() {
  sed 's/.*) //' "/proc/$1/stat" | {
    read -r _ _ _ _ _ _ _ _ _ _ _ user system _
    echo $((user + system))
  }
}

begin() {
  watchers=
  for pid in $pids; do
    echo 5 >"/proc/$pid/clear_refs" # VmHWM begins again
    ticks "$pid" >"$dir/ticks.$pid"
    look "$pid" "$dir/most.$pid" &
    watchers="$watchers $!"
  done
}

# end STEP [MB/s GIB]: prints a line for each node.
end() {
  kill $watchers
  wait $watchers 2>/dev/null || true
  watchers=
  node=0
  for pid in $pids; do
    peak=$(of "$pid" VmHWM)
    read -r anon file <"$dir/most.$pid"
    cpu=-
    if [ -n "${3:-}" ]; then # hundredths of a second for each GiB, as seconds for each GB
      cpu=$((($(ticks "$pid") - $(cat "$dir/ticks.$pid")) * 1000 / 1074 / $3))
      cpu=$((cpu / 100)).$(printf '%02d' $((cpu % 100)))
    fi
    printf '%-22s node%s %6s %9s %9s MiB %9s MiB %9s MiB\n' "$1" "$node" "${2:--}" "$cpu" $((peak / 1024)) $((anon / 1024)) $((file / 1024))
    [ "$peak" -lt "$limit_kib" ] || over=1
    node=$((node + 1))
  done
}

rpc() {
  echo "http://127.0.0.1:$((port + 2 * $1 + 1))"
}

# fill NAME GIB
fill() {
  head -c $(($2 << 30)) /dev/urandom >"$dir/$1"
}

# timed GIB COMMAND...: sets $rate.
timed() {
  bytes=$(($1 << 30))
  shift
  from=$(date +%s%N)
  "$@" >"$dir/out" 2>"$dir/err" || {
    cat "$dir/out" "$dir/err" >&2
    exit 2
  }
  rate=$((bytes * 1000 / ($(date +%s%N) - from)))
}

add() {
  begin
  timed "$2" "$cairn" file add "$dir/$1" --json --rpc "$(rpc 0)"
  end "$3" "$rate" "$2"
}

fill first 1
fill second 1
fill large "$gib"
"$cairn" testnet --nodes 2 --dir "$dir/net" --base-port "$port" --json >"$dir/testnet" 2>"$dir/testnet.err" &
testnet=$!
until grep -q '"nodes"' "$dir/testnet" 2>/dev/null; do
  kill -0 "$testnet" 2>/dev/null || {
    cat "$dir/testnet.err" >&2
    exit 2
  }
  sleep 0.2
done
pids=$(tr ',' '\n' <"$dir/testnet" | sed -n 's/.*"pid":\([0-9]*\).*/\1/p')

printf '%-22s %-5s %6s %9s %13s %13s %13s\n' step node MB/s 'CPU s/GB' 'at most' anonymous files
begin
sleep 10
end 'idle, fresh'
add first 1 'add 1 GiB, fresh'
rm "$dir/first"
add second 1 'add 1 GiB more'
rm "$dir/second"
add large "$gib" "add $gib GiB"
cid=$(sed -n 's/.*"cid":"\([^"]*\)".*/\1/p' "$dir/out")
begin
timed "$gib" "$cairn" file get "$cid" -o "$dir/copy" --json --rpc "$(rpc 1)"
millis=$(sed -n 's/.*"elapsedMillis":\([0-9]*\).*/\1/p' "$dir/out")
end "get $gib GiB" "$rate" "$gib"
echo "of the get: from node0 to node1 at $(((gib << 30) / 1000 / millis)) MB/s"
cmp "$dir/large" "$dir/copy" || over=1
sleep 60
begin
sleep 2
end 'idle, a minute later'
[ "$over" -eq 0 ] || echo 'a node was over 256 MiB, or the copy is not the same' >&2
exit "$over"
