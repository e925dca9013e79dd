#!/bin/sh
# Builds the release of the last commit once more, in another folder, and compares it with FOLDER.
set -eu
cd "$(dirname "$0")/.."
target=$1
folder=$2

[ -z "$(git status --porcelain)" ] || { echo "Commit your changes first: a commit is what is built again." >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
git clone --quiet . "$work/again"
ln -s "$PWD/.tools" "$work/again/.tools"
make -C "$work/again" pack TARGET="$target"
(cd "$folder" && find . -type f -exec sha256sum {} + | sort -k 2) >"$work/one"
(cd "$work/again/target/dist" && find . -type f -exec sha256sum {} + | sort -k 2) >"$work/two"
diff "$work/one" "$work/two" || { echo "The two builds differ." >&2; exit 1; }
echo "Two builds in two folders are equal in $(wc -l <"$work/one") files:"
cat "$folder"/*_SHA256SUMS
