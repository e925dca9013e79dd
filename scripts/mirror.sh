#!/bin/sh
# Lays the built provider out below a folder as terraform and tofu look for providers there.
set -eu
mirror=$1
provider=$(cd "$(dirname "$0")/.." && pwd)/target/release/terraform-provider-auth0
version=$("$provider" --version | awk '{ print $2 }')

case $(uname -s) in Linux) os=linux ;; Darwin) os=darwin ;; *) echo "unknown system: $(uname -s)" >&2; exit 1 ;; esac
case $(uname -m) in
  x86_64 | amd64) arch=amd64 ;;
  arm64 | aarch64) arch=arm64 ;;
  *) echo "unknown processor: $(uname -m)" >&2; exit 1 ;;
esac

# Each program reads an address without a host as one of its own registry.
for host in registry.terraform.io registry.opentofu.org; do
  folder=$mirror/$host/auth0-eventing/auth0/$version/${os}_$arch
  mkdir -p "$folder"
  # A running program cannot be written to, but replaced.
  cp "$provider" "$folder/new"
  mv "$folder/new" "$folder/terraform-provider-auth0_v$version"
done
