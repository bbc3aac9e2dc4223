#!/bin/sh
# Seeds and readers of a file in network namespaces with slow uplinks (as root):
#   bench/files.sh seeds [MiB]     one reader of 1 and of 8 seeds with 20 Mbit/s up each
#   bench/files.sh readers [MiB]   16 readers of one seed, all with 100 Mbit/s up
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
trap clear_net EXIT INT TERM

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
  *)
    echo "usage: bench/files.sh seeds | readers [MiB]" >&2
    exit 2
    ;;
esac
