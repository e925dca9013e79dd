#!/bin/sh
# The main job, start to end, with a real core: create, update in place, replace, destroy. Run it
# by `make demo`, which starts it inside of `auth0-simulator run`.
set -eu

core=${TF_BIN:-terraform}
here=$(cd "$(dirname "$0")" && pwd)
provider=$here/../../target/release/terraform-provider-auth0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

case $(uname -s) in Linux) os=linux ;; Darwin) os=darwin ;; *) os=unknown ;; esac
case $(uname -m) in x86_64 | amd64) arch=amd64 ;; arm64 | aarch64) arch=arm64 ;; *) arch=unknown ;; esac

# The provider is installed from a folder, as it would be from a registry.
for host in registry.terraform.io registry.opentofu.org; do
  folder=$work/mirror/$host/auth0-eventing/auth0/1.0.0/${os}_$arch
  mkdir -p "$folder"
  cp "$provider" "$folder/terraform-provider-auth0_v1.0.0"
done
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

step "The token reached Auth0; the state does not know it"
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
