#!/bin/sh
# Proves that the provider that is built for TARGET needs nothing of the system below it: in a root
# directory that holds terraform, a mirror and a certificate, `init`, `plan` and `apply` work, with every
# way in which a name is resolved there.
#
# It takes namespaces of its own, without any other network than loopback, and no rights.
set -eu
target=$1
cd "$(dirname "$0")/../.."
here=scripts/empty-root

missing() {
  echo "$1" >&2
  exit 1
}
[ "$(uname -s)" = Linux ] || missing "This proof is about Linux. It cannot be made on $(uname -s)."
for program in unshare chroot python3 cc; do
  command -v $program >/dev/null || missing "$program is missing: install util-linux, coreutils, Python 3, gcc."
done
unshare -r -n true 2>/dev/null || missing "The kernel refuses user namespaces to you (unshare -r -n). \
Allow them: sysctl kernel.apparmor_restrict_unprivileged_userns=0 or kernel.unprivileged_userns_clone=1."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
root=$work/root
mkdir "$root" "$root/tmp" "$root/work" "$root/dev"
cp "${TF_BIN:?run me by make}" "$root/core"
# What every container has. An empty file reads alike.
: >"$root/dev/null"
env -i PATH="$PATH" HOME=/ CHECKPOINT_DISABLE=1 unshare -r chroot "$root" /core version >"$work/version" 2>&1 || {
  cat "$work/version" >&2
  missing "$TF_BIN does not run in an empty root. Take a terraform or tofu that is one static program: TF_BIN=..."
}
grep " v" "$work/version"
scripts/pack.py zip "target/$target/release/terraform-provider-auth0" "$target" "$work/dist" LICENSE
scripts/pack.py index "$work/dist"
mv "$work/dist/mirror" "$root/mirror"
cp $here/main.tf "$root/work/"
cat >"$root/cli.tfrc" <<CONFIGURATION
provider_installation {
  filesystem_mirror {
    path = "/mirror"
  }
}
CONFIGURATION

# A module of name resolution, wherever C libraries look for such, that ends who loads it.
echo '__attribute__((constructor)) static void end(void) { __builtin_trap(); }' >"$work/trap.c"
for place in lib lib64 usr/lib usr/lib64 "lib/$(cc -print-multiarch)" "usr/lib/$(cc -print-multiarch)"; do
  mkdir -p "$root/$place"
  cc -shared -fPIC -nostdlib -o "$root/$place/libnss_trap.so.2" "$work/trap.c"
done

WORK=$work PROXY=$(scripts/fetch-proxy.sh)
export WORK PROXY
unshare -r -n sh $here/network.sh
