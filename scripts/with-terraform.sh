#!/bin/sh
# Runs a command with TF_BIN naming a real terraform or tofu: the one that TF_BIN already names,
# else one of the PATH, else a pinned Terraform that is fetched once into .tools/.
set -eu
cd "$(dirname "$0")/.."

if [ -n "${TF_BIN:-}" ]; then
  command -v "$TF_BIN" >/dev/null || { echo "TF_BIN names $TF_BIN, which cannot be run." >&2; exit 1; }
  TF_BIN=$(command -v "$TF_BIN")
elif TF_BIN=$(command -v terraform) || TF_BIN=$(command -v tofu); then
  :
else
  TF_BIN=$(scripts/fetch-terraform.sh) || {
    echo "Neither terraform nor tofu is on the PATH. Install Terraform 1.11 or OpenTofu 1.11, or later:" >&2
    echo "https://opentofu.org/docs/intro/install" >&2
    exit 1
  }
fi
# Both programs number their versions alike; write-only arguments came with 1.11.
version=$("$TF_BIN" version | sed -n 's/^[A-Z][A-Za-z]* v\([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
case $version in
  "0 "* | "1 "[0-9] | "1 10") echo "$TF_BIN is too old: Terraform 1.11 or OpenTofu 1.11, or later, is needed." >&2; exit 1 ;;
esac
# Tests run in folders of their own.
case $TF_BIN in /*) ;; *) TF_BIN=$PWD/$TF_BIN ;; esac
export TF_BIN
exec "$@"
