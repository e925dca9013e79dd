#!/bin/sh
# Fetches a pinned proxy.py, the forward proxy of the acceptance tests, from the Python package index
# into .tools/, and prints the path of a program that starts it.
set -eu
cd "$(dirname "$0")/.."

version=2.4.10
tools=$PWD/.tools
program=$tools/proxy-$version

if [ ! -x "$program" ]; then
  python=$(command -v python3) || python=$(command -v python) || {
    echo "The tests of proxies need Python 3 with pip, which runs proxy.py: install it." >&2
    exit 1
  }
  # The interpreter itself: a shim of a version manager chooses by the folder it is started in.
  python=$("$python" -c 'import sys; print(sys.executable)')
  echo "Fetching proxy.py $version into .tools/ ..." >&2
  "$python" -m pip install --quiet --disable-pip-version-check --no-input --root-user-action ignore --no-deps \
    --target "$tools/proxy.py" "proxy.py==$version" >&2 || {
    echo "proxy.py could not be fetched from the Python package index." >&2
    exit 1
  }
  cat >"$program.new" <<PROGRAM
#!$python
import os, sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "proxy.py"))
from proxy import entry_point
if __name__ == "__main__":
    entry_point()
PROGRAM
  chmod +x "$program.new"
  "$program.new" --version >/dev/null || {
    echo "proxy.py $version does not run with $python." >&2
    exit 1
  }
  mv "$program.new" "$program"
fi
echo "$program"
