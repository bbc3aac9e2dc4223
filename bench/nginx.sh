# Sourced by the benchmarks that have a server beside them: an nginx that serves one file over TLS 1.3.

need() {
  for tool in "$@"; do
    command -v "$tool" >/dev/null 2>&1 || {
      echo "bench: $tool is missing; install it (Debian: apt install nginx-light curl openssl)." >&2
      exit 1
    }
  done
}

# server_folder FOLDER ADDRESS:PORT MIB: all that `nginx -p FOLDER -c FOLDER/conf` needs; its process id will be in FOLDER/pid.
server_folder() {
  chmod 755 "$1"
  mkdir "$1/www"
  head -c $(($3 * 1048576)) /dev/urandom >"$1/www/file"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1/key" -out "$1/cert" -days 2 \
    -subj /CN=localhost 2>/dev/null
  cat >"$1/conf" <<CONF
worker_processes 2;
pid $1/pid;
error_log $1/error;
events { }
http {
  access_log off;
  sendfile on;
  server {
    listen $2 ssl;
    ssl_certificate $1/cert;
    ssl_certificate_key $1/key;
    ssl_protocols TLSv1.3;
    root $1/www;
  }
}
CONF
}
