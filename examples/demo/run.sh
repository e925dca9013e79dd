#!/bin/sh
# The main job, start to end, with a real core: create, update in place, replace, destroy. Run it
# by `make demo`, which starts it inside of `auth0-simulator run`.
set -eu

core=${TF_BIN:-terraform}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# The provider is installed from a folder, as it would be from a registry.
"$here/../../scripts/mirror.sh" "$work/mirror"
cat >"$work/cli.tfrc" <<CONFIGURATION
provider_installation {
  filesystem_mirror {
    path = "$work/mirror"
  }
}
CONFIGURATION
export TF_CLI_CONFIG_FILE="$work/cli.tfrc" CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1
export TF_VAR_crm_token="s3cr3t-crm-token"

mkdir "$work/configuration"
cp "$here/main.tf" "$work/configuration/"
cd "$work/configuration"

step() {
  printf '\n=== %s\n\n' "$1"
}

step "Install the provider"
"$core" init -input=false >/dev/null # it would remark that the lock file knows one platform only

step "Create two event streams"
"$core" apply -input=false -auto-approve

step "Auth0 has the token, without which it refuses a webhook; the state does not"
if grep -q "$TF_VAR_crm_token" terraform.tfstate; then
  echo "The token is in the state." >&2
  exit 1
fi
grep -E '"(name|token_wo|token_wo_version|webhook_endpoint)"' terraform.tfstate

step "Nothing is left to do"
"$core" plan -input=false -detailed-exitcode

step "Another endpoint is an update in place: one PATCH, with the token"
export TF_VAR_crm_endpoint=https://crm.example.com/v2/auth0
"$core" apply -input=false -auto-approve

step "Another AWS region replaces the stream, and the plan says what that costs"
export TF_VAR_aws_region=eu-central-1
"$core" apply -input=false -auto-approve

step "Destroy everything"
"$core" destroy -input=false -auto-approve

step "What Auth0 was asked"
