#!/bin/bash
# Bulk transfer, Cairn and js-libp2p in turn: bench/bulk.sh [PAIRS [ROUNDS]]
#
# Each side sends 1 GB a round between two processes of its own, over one stream of TCP + Noise +
# yamux, 64 KiB a write. Of each side's ROUNDS the first half warms up its compiler; the figure of a
# run is the median of the second half. Prints both sides' figures, their medians, and the median of
# the pairs' ratios. Nine pairs take about twelve minutes.
set -euo pipefail
cd "$(dirname "$0")"
pairs=${1:-9}
rounds=${2:-20}

[ -d js/node_modules ] || (cd js && npm ci --no-audit --no-fund --loglevel=error)
node=js/node_modules/node/bin/node
[ -x "$node" ] || node=node

median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
rate() { sed -n 's/^round [0-9]*: \([0-9]*\) MB.*/\1/p' | tail -n $(((rounds + 1) / 2)) | median; }

ours=() theirs=() ratios=()
for ((pair = 1; pair <= pairs; pair++)); do
  a=$(./run bulk 1 "$rounds" | rate)
  b=$("$node" js/bulk.js 1 "$rounds" | rate)
  ratio=$(awk "BEGIN { printf \"%.2f\", $a / $b }")
  printf 'pair %d: Cairn %s MB/s, js-libp2p %s MB/s, %s x\n' "$pair" "$a" "$b" "$ratio"
  ours+=("$a") theirs+=("$b") ratios+=("$ratio")
done
printf 'medians: Cairn %s MB/s, js-libp2p %s MB/s; of the ratios %s x\n' \
  "$(printf '%s\n' "${ours[@]}" | median)" "$(printf '%s\n' "${theirs[@]}" | median)" "$(printf '%s\n' "${ratios[@]}" | median)"
