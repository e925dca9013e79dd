#!/bin/sh
# Writes the licence texts of everything that is linked into the provider for TARGET, and its bill of
# materials in CycloneDX, into FOLDER. Builds the pinned cargo tools for it into .tools/, once.
set -eu
target=$1
folder=$(mkdir -p "$2" && cd "$2" && pwd)
cd "$(dirname "$0")/.."
PATH=$PWD/.tools/bin:$PATH

tool() {
  grep -qF "\"$1 $2 " .tools/.crates.toml 2>/dev/null || {
    echo "Building $1 $2 into .tools/ ..." >&2
    cargo install --locked --quiet --root .tools --version "$2" "$3" "$1"
  }
}
# Optimised, because it compares every file of every crate with every licence that there is.
tool cargo-about 0.9.3 --features=cli
# Unoptimised, because building it costs more than its run.
tool cargo-cyclonedx 0.5.9 --debug

licences=$folder/THIRD-PARTY-LICENSES.txt
cargo about generate --frozen --fail --target "$target" --config scripts/licences/about.toml \
  --output-file "$licences" scripts/licences/about.hbs
case $target in
  *-linux-gnu) cat scripts/licences/glibc.txt scripts/licences/LGPL-2.1.txt >>"$licences" ;;
  *-linux-musl) cat scripts/licences/musl.txt >>"$licences" ;;
esac

# The tool writes beside Cargo.toml, for each program; the simulator is in no release. It names this
# folder, which would be another one for everybody.
trap 'rm -f terraform-provider-auth0_bin.cdx.json auth0-simulator_bin.cdx.json' EXIT
cargo cyclonedx --quiet --format json --spec-version 1.5 --target "$target" --no-build-deps --describe binaries
sed "s|path+file://[^#]*#|path+file:///provider#|" terraform-provider-auth0_bin.cdx.json >"$folder/sbom.cdx.json"
if grep -F "$PWD" "$folder/sbom.cdx.json"; then
  echo "The bill of materials names a folder of this machine." >&2
  exit 1
fi
