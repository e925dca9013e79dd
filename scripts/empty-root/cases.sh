#!/bin/sh
# Each way to the tenant from the empty root, each of them a whole life of a stream. It is part of run.sh.
set -eu
root=$WORK/root
chroot=$(command -v chroot)
port=${AUTH0_DOMAIN##*:}
own=$AUTH0_DOMAIN
cp "$AUTH0_CA_CERT_FILE" "$root/ca.pem"

# Runs terraform in the root, with nothing but the variables that are named.
core() {
  env -i TMPDIR=/tmp HOME=/ CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1 TF_CLI_CONFIG_FILE=/cli.tfrc \
    AUTH0_CLIENT_ID="$AUTH0_CLIENT_ID" AUTH0_CLIENT_SECRET="$AUTH0_CLIENT_SECRET" \
    AUTH0_AUDIENCE="https://$own/api/v2/" AUTH0_DOMAIN="$domain" $variables \
    "$chroot" "$root" /core -chdir=/work "$@" -no-color >"$WORK/said" 2>&1
}

failed() {
  echo "failed: $case" >&2
  cat "$WORK/said" >&2
  exit 1
}

# CASE DOMAIN VARIABLE...: init, plan, apply, an empty plan, destroy.
works() {
  case=$1 domain=$2
  shift 2
  variables=$*
  rm -rf "$root/work/.terraform" "$root/work/.terraform.lock.hcl" "$root"/work/terraform.tfstate*
  core init -input=false || failed
  core plan -input=false -out=plan.bin || failed
  core apply -input=false plan.bin || failed
  core plan -input=false -detailed-exitcode || failed
  core destroy -input=false -auto-approve || failed
  echo "works: $case"
}

# CASE WORDS DOMAIN VARIABLE...: the counterpart, so that what works does so for its own reason.
fails() {
  case=$1 words=$2 domain=$3
  shift 3
  variables=$*
  if core apply -input=false -auto-approve; then failed; fi
  tr -s '\n│ ' ' ' <"$WORK/said" | grep -q "$words" || failed
  echo "fails, as it must: $case"
}

ca=AUTH0_CA_CERT_FILE=/ca.pem
works "no file in etc, the tenant by its address" "$own" $ca
works "authorities by SSL_CERT_FILE" "$own" SSL_CERT_FILE=/ca.pem
mkdir -p "$root/etc/ssl/certs"
cp "$root/ca.pem" "$root/etc/ssl/certs/ca-certificates.crt"
works "authorities where Alpine, Debian and distroless have them" "$own"
rm -r "$root/etc"
fails "no authorities at all" "certificate" "$own"

fails "no file in etc, the tenant by its name" "Check \`domain\`" "tenant.hosts.test:$port" $ca
mkdir "$root/etc"
echo "127.0.0.1 tenant.hosts.test" >"$root/etc/hosts"
works "a name in etc/hosts" "tenant.hosts.test:$port" $ca
rm "$root/etc/hosts"

echo "nameserver 127.0.0.1" >"$root/etc/resolv.conf"
works "a name in DNS" "tenant.dns.test:$port" $ca
grep -q "tenant.dns.test" "$WORK/names.log" || { echo "nobody has asked the DNS server" >&2; exit 1; }
fails "a name that DNS does not know" "Check \`domain\`" "nobody.dns.test:$port" $ca

# What Ubuntu, Fedora and others have, whose modules a static program has not.
echo "hosts: mymachines mdns4_minimal [NOTFOUND=return] resolve [!UNAVAIL=return] files myhostname dns" \
  >"$root/etc/nsswitch.conf"
works "a name in DNS, with an nsswitch.conf that names modules which are not there" "tenant.dns.test:$port" $ca
echo "hosts: trap files dns" >"$root/etc/nsswitch.conf"
works "a module of name resolution that would crash who loads it" "tenant.dns.test:$port" $ca
rm "$root/etc/nsswitch.conf"

works "a proxy by its address, to a name that only it knows" "tenant.proxy.test:$port" $ca \
  HTTPS_PROXY=http://user:word@127.0.0.1:8080
works "a proxy by its name" "tenant.proxy.test:$port" $ca AUTH0_PROXY_URL=http://user:word@proxy.dns.test:8080
grep -q "CONNECT tenant.proxy.test:$port" "$WORK/proxy.log" || { echo "nobody has used the proxy" >&2; exit 1; }
