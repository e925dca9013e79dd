#!/bin/sh
# Packs the program that is built for TARGET as a release has it, into FOLDER.
set -eu
cd "$(dirname "$0")/.."
target=$1
folder=$2

command -v python3 >/dev/null || { echo "Python 3 is missing, which packs." >&2; exit 1; }
# The time of everything that carries one. Without git, you say it.
[ -n "${SOURCE_DATE_EPOCH:-}" ] || SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) || {
  echo "This is no git checkout: set SOURCE_DATE_EPOCH, in seconds since 1970." >&2
  exit 1
}
export SOURCE_DATE_EPOCH

rm -rf "$folder"
scripts/licences.sh "$target" "$folder"
program=target/$target/release/terraform-provider-auth0
[ -f "$program" ] || program=$program.exe
scripts/pack.py zip "$program" "$target" "$folder" LICENSE \
  "$folder/THIRD-PARTY-LICENSES.txt" "$folder/sbom.cdx.json"
scripts/pack.py index "$folder"
cat "$folder"/*_SHA256SUMS
