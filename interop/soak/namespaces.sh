#!/bin/bash
# Nodes in network namespaces of their own, on bridges that lead nowhere else: do they find each other?
#   sudo interop/soak/namespaces.sh [WORK_FOLDER]
# One line for each claim; exits 1 when one does not hold. Needs root, iproute2, curl and a built ./cairn.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ "$(id -u)" != 0 ]; then
  echo "skipped: network namespaces need root"
  exit 0
fi
for tool in ip curl; do
  command -v $tool >/dev/null || { echo "skipped: $tool is missing (Debian: apt-get install iproute2 curl)"; exit 0; }
done

work=${1:-$(mktemp -d /tmp/cairn-namespaces.XXXXXX)}
mkdir -p "$work"
id=c$$                       # what this run's namespaces and bridges begin with
declare -A pid
made=()
failed=0
export CAIRN_NO_BUILD=1 CAIRN_HEAP=128m

cleanup() {
  for n in "${!pid[@]}"; do kill -TERM "${pid[$n]}" 2>/dev/null || true; done
  for n in "${!pid[@]}"; do wait "${pid[$n]}" 2>/dev/null || true; done
  for n in "${made[@]}"; do ip netns del "$n" 2>/dev/null || true; done
  rm -rf "$work"
}
trap cleanup EXIT

# A bridge lives in a namespace of its own, so nothing of this machine's network is touched.
bridge() { # NAME
  ip netns add "$id-$1"; made+=("$id-$1")
  ip -n "$id-$1" link add name br0 type bridge mcast_snooping 0
  ip -n "$id-$1" link set br0 up
}

host() { # NAME
  ip netns add "$id-$1"; made+=("$id-$1")
  ip -n "$id-$1" link set lo up
}

plug() { # HOST BRIDGE ADDRESS INTERFACE
  ip link add name "$4" netns "$id-$1" type veth peer name "p$1" netns "$id-$2"
  ip -n "$id-$2" link set "p$1" master br0 up
  ip -n "$id-$1" addr add "$3/24" dev "$4"
  ip -n "$id-$1" link set "$4" up
}

in_ns() { ip netns exec "$id-$1" "${@:2}"; }

init() { # NAME
  ./cairn init --data "$work/$1" --chain "$work/chain.toml" >/dev/null
}

run() { # NAME [OPTION...]
  # exec, so that the process started is the node itself
  (exec ip netns exec "$id-$1" ./cairn run --data "$work/$1" --json "${@:2}" >>"$work/$1.out" 2>>"$work/$1.log" </dev/null) &
  pid[$1]=$!
  for _ in $(seq 600); do
    rpc "$1" node_status >/dev/null 2>&1 && return
    kill -0 "${pid[$1]}" 2>/dev/null || { echo "$1 did not start:"; cat "$work/$1.log"; exit 1; }
    sleep 0.1
  done
  echo "$1 does not answer"; exit 1
}

stop() { # NAME
  kill -TERM "${pid[$1]}"
  wait "${pid[$1]}" || true
  unset "pid[$1]"
}

rpc() { # NAME METHOD
  in_ns "$1" curl -fsS --max-time 5 -H 'content-type: application/json' \
    -d "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"$2\",\"params\":{}}" http://127.0.0.1:4502/
}

# Peers of this chain, and how they became known.
peers() { rpc "$1" net_info | grep -o '"sameChain":true' | wc -l; }
sources() { rpc "$1" net_info | grep -o '"source":"[a-z]*"' | sort | uniq -c | sed 's/ *\([0-9]*\) "source":"\(.*\)"/\2 \1/' | paste -sd, ; }
remotes() { rpc "$1" net_info | grep -o '"remote":"/ip4/[0-9.]*' | sed 's/.*ip4.//' | sort -u; }
final() { rpc "$1" node_status | grep -o '"finalizedHead":"[^"]*"'; }

# Every one of them is in one network: a flood from the first reaches all.
one_network() { # NAME...
  local seen=" $1 " next="$1" n other
  declare -A of
  for n in "$@"; do of[$(rpc "$n" node_status | grep -o '"peerId":"[^"]*"' | cut -d'"' -f4)]=$n; done
  while [ -n "$next" ]; do
    local more=""
    for n in $next; do
      for other in $(rpc "$n" net_info | grep -o '{"peerId":"[^"]*"' | cut -d'"' -f4); do
        local name=${of[$other]:-}
        if [ -n "$name" ] && [[ "$seen" != *" $name "* ]]; then seen+="$name "; more+=" $name"; fi
      done
    done
    next=$more
  done
  [ "$(wc -w <<<"$seen")" = $# ]
}

same_head() { # NAME...
  [ "$(for n in "$@"; do final "$n"; done | sort -u | wc -l)" = 1 ]
}

claim() { # SECONDS TEXT COMMAND...
  local seconds=$1 text=$2 began=$SECONDS
  shift 2
  until "$@" 2>/dev/null; do
    if [ $((SECONDS - began)) -ge "$seconds" ]; then
      echo "FAIL  $text (not within $seconds s)"
      failed=1
      return
    fi
    sleep 0.5
  done
  echo "ok    $text ($((SECONDS - began)) s)"
}

has_peers() { [ "$(peers "$1")" -ge "$2" ]; }
all_have_peers() { local count=$1 n; shift; for n in "$@"; do has_peers "$n" "$count" || return 1; done; }
crosses() { remotes "$1" | grep -q "^$2"; }

echo "Cairn in network namespaces; folders under $work"

# (a) one bridge, no bootstrap address
bridge a
a_hosts=(a1 a2 a3 a4 a5)
for i in 1 2 3 4 5; do host a$i; plug a$i a 10.71.1.$i eth0; done
run a1 --dev
cp "$work/a1/chain.toml" "$work/chain.toml"
for i in 2 3 4 5; do init a$i; run a$i; done
claim 60 "(a) 5 nodes on one bridge, no bootstrap address: all have 4 peers by mDNS" all_have_peers 4 "${a_hosts[@]}"
claim 60 "(a) and one final head" same_head "${a_hosts[@]}"
echo "      a3 knows them by: $(sources a3)"

# (b) a second bridge; x stands on both and forwards, but not multicast; b's nodes know x, and so does a1
bridge b
host x
plug x a 10.71.1.100 eth0
plug x b 10.71.2.100 eth1
in_ns x sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
b_hosts=(b1 b2 b3 b4 b5)
for i in 1 2 3 4 5; do
  host b$i; plug b$i b 10.71.2.$i eth0
  ip -n $id-b$i route add default via 10.71.2.100
  ip -n $id-a$i route add default via 10.71.1.100
done
for i in 1 2 3 4 5; do init b$i; run b$i; done
claim 60 "(b) 5 nodes on a second bridge find each other by mDNS" all_have_peers 4 "${b_hosts[@]}"
apart() { ! one_network "${a_hosts[@]}" "${b_hosts[@]}"; }
claim 5 "(b) the two bridges are two networks so far" apart
init x
run x --mdns false --peer /ip4/10.71.1.2/tcp/4501 --peer /ip4/10.71.2.2/tcp/4501
claim 120 "(b) with one peer that knows one of each, all eleven are one network" one_network x "${a_hosts[@]}" "${b_hosts[@]}"
claim 120 "(b) and have one final head" same_head x "${a_hosts[@]}" "${b_hosts[@]}"
claim 180 "(b) a2 has a peer across by exchange or DHT" crosses a2 10.71.2
claim 180 "(b) b4 has a peer across by exchange or DHT" crosses b4 10.71.1
echo "      b4 knows them by: $(sources b4)"

# (c) the peer between is closed, the first node is gone for good
stop x
stop a1
rest=(a2 a3 a4 a5 "${b_hosts[@]}")
claim 60 "(c) the peer between and the first node gone for good: the other nine are one network" one_network "${rest[@]}"
host n
plug n a 10.71.1.50 eth0
ip -n $id-n route add default via 10.71.1.100
init n
run n --mdns false --peer /ip4/10.71.1.4/tcp/4501
claim 120 "(c) a newcomer that knows only a4 joins and finds 4 others" has_peers n 5
claim 120 "(c) and has the chain" same_head n a2 b3
stop b5
run b5 --mdns false
claim 60 "(c) an old node restarted with no bootstrap address and no mDNS comes back" has_peers b5 2
claim 60 "(c) and is in one network with all" one_network n "${rest[@]}"
echo "      b5 knows them by: $(sources b5)"

[ $failed = 0 ] && echo "all claims hold" || echo "some claims do not hold"
exit $failed
