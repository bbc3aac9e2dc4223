#!/bin/sh
# "As fast as a server?": one file, verified, from nginx and from Cairn peers on this machine, one after the other in one run.
#   bench/server.sh [MiB] [ROUNDS]      needs nginx, curl, openssl and sha256sum
# nginx serves the file over TLS 1.3 to curl, piped into sha256sum; peers serve as much over TCP + Noise to a peer that checks each block.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
size=${1:-1024}
rounds=${2:-6}
for tool in nginx curl openssl sha256sum; do
  command -v $tool >/dev/null 2>&1 || {
    echo "bench: $tool is missing; install it (Debian: apt install nginx-light curl openssl)." >&2
    exit 1
  }
done
dir=$(mktemp -d)
trap 'kill "$(cat "$dir/pid" 2>/dev/null)" 2>/dev/null || true; rm -rf "$dir"' EXIT INT TERM
chmod 755 "$dir"
mkdir "$dir/www"
head -c $((size * 1048576)) /dev/urandom >"$dir/www/file"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$dir/key" -out "$dir/cert" -days 2 \
  -subj /CN=localhost 2>/dev/null
cat >"$dir/conf" <<CONF
worker_processes 2;
pid $dir/pid;
error_log $dir/error;
events { }
http {
  access_log off;
  sendfile on;
  server {
    listen 127.0.0.1:24443 ssl;
    ssl_certificate $dir/cert;
    ssl_certificate_key $dir/key;
    ssl_protocols TLSv1.3;
    root $dir/www;
  }
}
CONF
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
