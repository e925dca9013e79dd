#!/bin/sh
# Runs the tests with the program that TF_BIN names, started by scripts/with-terraform.sh: with `all`
# every test, and those that run a core once more with the pinned Terraform 1.15; with `acceptance`
# only these tests, and only once. TERRAFORM_1_15=off does without Terraform 1.15, and says what that leaves out.
# The system keyring is tested where a program for it is at hand; KEYRING=on insists on it.
set -eu
cd "$(dirname "$0")/.."

what=$1
case ${TERRAFORM_1_15:=on} in
  on | off) ;;
  *) echo "TERRAFORM_1_15 is $TERRAFORM_1_15. Set it to on or off." >&2; exit 2 ;;
esac
case ${KEYRING:=auto} in
  auto | on | off) ;;
  *) echo "KEYRING is $KEYRING. Set it to on or off." >&2; exit 2 ;;
esac
say() {
  printf '\n### %s\n' "$*"
}

version=$("$TF_BIN" version 2>/dev/null | grep -E '^(Terraform|OpenTofu) v1\.') || {
  echo "$TF_BIN does not say which version of Terraform or OpenTofu it is." >&2
  exit 1
}
minor=$(echo "$version" | sed 's/^[A-Za-z]* v1\.\([0-9]*\).*/\1/')
case $version in
  OpenTofu*) has_query= has_identity=$((minor >= 12)) ;;
  *) has_query=$((minor >= 14)) has_identity=$((minor >= 12)) ;;
esac

# The second run is the one that the first one leaves those cases to.
pinned=
case $what/$TERRAFORM_1_15/$version in
  all/on/"Terraform v1.15.5") ;; # what scripts/fetch-terraform.sh fetches
  all/on/*)
    pinned=$(scripts/fetch-terraform.sh) || {
      echo "query, actions and identity are tested with Terraform 1.15. To do without it:" >&2
      echo "make test TERRAFORM_1_15=off" >&2
      exit 1
    } ;;
esac

# With Terraform 1.11 alone, these cases take Terraform 1.15 by themselves; OpenTofu is no place for them.
set -- # what is left out
case $version/$pinned/$TERRAFORM_1_15 in
  Terraform*//on) ;;
  *)
    [ "$has_query" = 1 ] || set -- "$@" --skip terraform_only::
    [ "$has_identity" = 1 ] || set -- "$@" --skip ::identity::
    ;;
esac

# The tests start a keyring of their own: GNOME's, on a session bus.
keyring="gnome-keyring, dbus and libsecret-tools, as Debian calls them"
without_keyring=
[ "$KEYRING" != off ] || without_keyring='--skip login::keyring'
for program in gnome-keyring-daemon dbus-daemon dbus-send secret-tool; do
  [ "$KEYRING" != off ] && ! command -v "$program" >/dev/null || continue
  [ "$KEYRING" = auto ] || { echo "$program is missing: the tests of keyrings take $keyring." >&2; exit 1; }
  without_keyring='--skip login::keyring'
done

# Most of them wait for processes.
export RUST_TEST_THREADS="${RUST_TEST_THREADS:-4}"

# The tests that run the program that TF_BIN names, and are the same for each.
with_core="--test acceptance --test install"

left_out=$(echo "$*" | sed 's/--skip //g; s/:://g; s/ / and /g')
say "$version${left_out:+, without $left_out}"
case $what in
  all) cargo test --locked --no-fail-fast -- "$@" $without_keyring ;;
  acceptance) cargo test --locked --no-fail-fast $with_core -- "$@" $without_keyring ;;
esac

if [ -n "$pinned" ]; then
  say "Acceptance and installation with Terraform 1.15, all of it"
  TF_BIN=$pinned cargo test --locked --no-fail-fast $with_core -- $without_keyring
elif [ -n "$left_out" ]; then
  say "Not tested here: $left_out. \`make test\` tests it with Terraform 1.15, unless TERRAFORM_1_15=off"
fi
[ -z "$without_keyring" ] || say "Not tested here: cli_login with the system keyring, which takes $keyring"
