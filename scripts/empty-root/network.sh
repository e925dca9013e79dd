#!/bin/sh
# The network around the empty root: loopback, a DNS server, a proxy and a tenant. It is part of run.sh.
set -eu
here=$(dirname "$0")

python3 "$here/names.py" tenant.dns.test proxy.dns.test 2>"$WORK/names.log" >"$WORK/names.ready" &
names=$!
PYTHONPATH=$here/../../tests/support PYTHONDONTWRITEBYTECODE=1
export PYTHONPATH PYTHONDONTWRITEBYTECODE
started() {
  tries=0
  until [ -s "$1" ]; do
    tries=$((tries + 1))
    [ $tries -lt 600 ] || { echo "$2 does not start:" >&2; cat "$3" >&2; exit 1; }
    sleep 0.1
  done
}
proxy=
trap 'kill $names $proxy 2>/dev/null || :' EXIT
trap 'exit 130' INT TERM
started "$WORK/names.ready" "The DNS server" "$WORK/names.log"
"$PROXY" --hostname 127.0.0.1 --port 8080 --port-file "$WORK/proxy.port" --num-acceptors 1 --num-workers 1 \
  --data-dir "$WORK/proxy" --basic-auth user:word --plugins proxy_names.Loopback --log-file "$WORK/proxy.log" \
  >/dev/null 2>&1 &
proxy=$!
started "$WORK/proxy.port" "The proxy" "$WORK/proxy.log"

"$here/../../target/release/auth0-simulator" run --quiet --custom-domain tenant.hosts.test \
  --custom-domain tenant.dns.test --custom-domain tenant.proxy.test -- sh "$here/cases.sh"
