#!/bin/sh
# Runs each fuzz target for so many seconds, with a nightly toolchain and cargo-fuzz.
set -eu
cd "$(dirname "$0")/.."
seconds=$1
cargo_fuzz=0.13.2

rustup run nightly rustc --version >/dev/null 2>&1 || {
  echo "Fuzzing needs a nightly toolchain: rustup toolchain install nightly" >&2
  exit 1
}
PATH=$PWD/.tools/bin:$PATH
command -v cargo-fuzz >/dev/null || {
  echo "Building cargo-fuzz into .tools/ ..." >&2
  cargo install --locked --quiet --root .tools cargo-fuzz --version "$cargo_fuzz"
}
for target in $(cargo +nightly fuzz list); do
  echo "fuzzing $target for $seconds s"
  # New inputs go to a folder of their own: the corpus in the repository is chosen by hand.
  mkdir -p "fuzz/found/$target"
  cargo +nightly fuzz run "$target" "fuzz/found/$target" "fuzz/corpus/$target" -- \
    -max_total_time="$seconds" -print_final_stats=1
done
