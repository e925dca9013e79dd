#!/usr/bin/env python3
"""Packs the provider as a registry and as mirrors have it, with the names that they prescribe.

    pack.py zip PROGRAM TARGET FOLDER FILE...   one platform: the program, and FILEs beside it
    pack.py index FOLDER                        the rest, for all the zips that FOLDER holds

TARGET is a name of Rust's, such as x86_64-unknown-linux-gnu.

The same input gives the same bytes: the time of each file is SOURCE_DATE_EPOCH (1980 without it).
"""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile

NAME = "terraform-provider-auth0"
# Each program reads an address without a host as one of its own registry.
HOSTS = ["registry.terraform.io", "registry.opentofu.org"]
# The second stands in for the official provider: it is only for those who ask for it.
MIRRORS = {"mirror": "auth0-eventing/auth0", "mirror-official-address": "auth0/auth0"}


def platform_of(target):
    """A platform of Rust's in the words of the registries."""
    words = target.split("-")
    systems = {"linux": "linux", "darwin": "darwin", "windows": "windows"}
    processors = {"x86_64": "amd64", "aarch64": "arm64"}
    system = [systems[word] for word in words if word in systems]
    if not system or words[0] not in processors:
        sys.exit(f"{target} is no platform that is released")
    return f"{system[0]}_{processors[words[0]]}"


def pack(program, target, folder, files):
    platform = platform_of(target)
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    version = said.stdout.split()[1]
    suffix = ".exe" if platform.startswith("windows_") else ""
    members = {f"{NAME}_v{version}{suffix}": (program, 0o755)}
    members.update((os.path.basename(file), (file, 0o644)) for file in files)
    # A zip knows no earlier time than 1980.
    at = time.gmtime(max(int(os.environ.get("SOURCE_DATE_EPOCH", 0)), 315532800))[:6]
    os.makedirs(folder, exist_ok=True)
    with zipfile.ZipFile(f"{folder}/{NAME}_{version}_{platform}.zip", "w") as archive:
        for name, (file, mode) in sorted(members.items()):
            member = zipfile.ZipInfo(name, at)
            member.create_system = 3  # Unix, whose modes follow
            member.external_attr = (0o100000 | mode) << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            with open(file, "rb") as content:
                archive.writestr(member, content.read(), compresslevel=9)


def sha256(file):
    with open(file, "rb") as content:
        return hashlib.sha256(content.read()).hexdigest()


def h1(archive):
    """What lock files call `h1:`: a hash of the contents, packed or not."""
    with zipfile.ZipFile(archive) as files:
        lines = [f"{hashlib.sha256(files.read(n)).hexdigest()}  {n}\n" for n in sorted(files.namelist())]
    return "h1:" + base64.b64encode(hashlib.sha256("".join(lines).encode()).digest()).decode()


def write(file, text):
    with open(file, "w", encoding="utf-8", newline="\n") as out:
        out.write(text)


def index(folder):
    pattern = re.compile(rf"{NAME}_(\d+\.\d+\.\d+[^_]*)_([a-z]+_[a-z0-9]+)\.zip")
    zips = {name: match for name in sorted(os.listdir(folder)) if (match := pattern.fullmatch(name))}
    versions = {match[1] for match in zips.values()}
    if len(versions) != 1:
        sys.exit(f"{folder} has to hold zips of one version; it has {sorted(versions)}")
    version = versions.pop()

    manifest = f"{NAME}_{version}_manifest.json"
    content = {"version": 1, "metadata": {"protocol_versions": ["6.0"]}}
    write(f"{folder}/{manifest}", json.dumps(content, indent=2) + "\n")
    sums = [f"{sha256(f'{folder}/{name}')}  {name}\n" for name in sorted([*zips, manifest])]
    write(f"{folder}/{NAME}_{version}_SHA256SUMS", "".join(sums))

    # What `terraform providers mirror` makes: one tree, for filesystem_mirror and for network_mirror.
    archives = {}
    for name, match in zips.items():
        file = f"{folder}/{name}"
        archives[match[2]] = {"hashes": [h1(file), "zh:" + sha256(file)], "url": name}
    for mirror, address in MIRRORS.items():
        shutil.rmtree(f"{folder}/{mirror}", ignore_errors=True)
        for host in HOSTS:
            tree = f"{folder}/{mirror}/{host}/{address}"
            os.makedirs(tree)
            write(f"{tree}/index.json", json.dumps({"versions": {version: {}}}, indent=2) + "\n")
            write(f"{tree}/{version}.json", json.dumps({"archives": archives}, indent=2) + "\n")
            for name in zips:
                shutil.copyfile(f"{folder}/{name}", f"{tree}/{name}")


command, arguments = "".join(sys.argv[1:2]), sys.argv[2:]
if command == "zip" and len(arguments) >= 3:
    pack(arguments[0], arguments[1], arguments[2], arguments[3:])
elif command == "index" and len(arguments) == 1:
    index(arguments[0])
else:
    sys.exit(__doc__)
