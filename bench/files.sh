#!/bin/sh
# Seeds and readers of a file in network namespaces with slow uplinks (as root):
#   bench/files.sh seeds [MiB]     one reader of 1 and of 8 seeds with 20 Mbit/s up each
#   bench/files.sh readers [MiB]   16 readers of one seed, all with 100 Mbit/s up
#   bench/files.sh server [MiB]    16 readers of one nginx with 100 Mbit/s up
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
prefix=cairn-files-$$
made=

# net COUNT MBIT: that many namespaces on one bridge, each with that uplink.
net() {
  ip netns add "$prefix-hub"
  made="$prefix-hub"
  ip netns exec "$prefix-hub" ip link add bridge type bridge
  ip netns exec "$prefix-hub" ip link set bridge up
  i=1
  while [ "$i" -le "$1" ]; do
    ip netns add "$prefix-$i"
    made="$made $prefix-$i"
    ip -n "$prefix-$i" link add eth0 type veth peer name "port$i" netns "$prefix-hub"
    ip -n "$prefix-hub" link set "port$i" master bridge up
    ip -n "$prefix-$i" addr add "10.77.0.$i/24" dev eth0
    ip -n "$prefix-$i" link set eth0 up
    ip -n "$prefix-$i" link set lo up
    tc -n "$prefix-$i" qdisc add dev eth0 root tbf rate "${2}mbit" burst 256kb latency 200ms
    i=$((i + 1))
  done
}

clear_net() {
  for name in $made; do
    ip netns del "$name" 2>/dev/null || true
  done
  made=
}

# curl in each of the readers' namespaces, piped into sha256sum.
crowd() {
  begin=$(date +%s%N)
  pids=
  i=2
  while [ "$i" -le 17 ]; do
    ip netns exec "$prefix-$i" sh -c 'curl -sk https://10.77.0.1:8443/file | sha256sum' >"$dir/sum$i" &
    pids="$pids $!"
    i=$((i + 1))
  done
  for pid in $pids; do
    wait "$pid"
  done
  end=$(date +%s%N)
  wanted=$(sha256sum <"$dir/www/file")
  i=2
  while [ "$i" -le 17 ]; do
    [ "$(cat "$dir/sum$i")" = "$wanted" ] || echo "reader $i got something else" >&2
    i=$((i + 1))
  done
  echo "nginx, 16 readers: the last has $1 MiB after $(awk "BEGIN { printf \"%.1f\", ($end - $begin) / 1e9 }") s"
}

clear_all() {
  [ -z "$dir" ] || kill "$(cat "$dir/pid" 2>/dev/null)" 2>/dev/null || true
  clear_net
  [ -z "$dir" ] || rm -rf "$dir"
}
dir=
trap clear_all EXIT INT TERM

case ${1:-} in
  seeds)
    size=${2:-64}
    for seeds in 1 8; do
      net $((seeds + 1)) 20
      "${FILES_RUN:-$root/bench/run}" swarm "$prefix" "$size" "$seeds" 1 20
      clear_net
    done
    ;;
  readers)
    net 17 100
    "${FILES_RUN:-$root/bench/run}" swarm "$prefix" "${2:-512}" 1 16 100
    ;;
  server)
    . "$root/bench/nginx.sh"
    need nginx curl openssl sha256sum
    size=${2:-128}
    net 17 100
    dir=$(mktemp -d)
    server_folder "$dir" 10.77.0.1:8443 "$size"
    ip netns exec "$prefix-1" nginx -p "$dir" -c "$dir/conf"
    crowd "$size"
    ;;
  *)
    echo "usage: bench/files.sh seeds | readers | server [MiB]" >&2
    exit 2
    ;;
esac
