"""Bring the locked uv into the project, with nothing but Python's standard library.

A fresh Debian has no pip and no venv, so neither can be asked. `uv.lock` already says which
wheel of uv this project was locked with, where it lies and what its hash is; this script takes
exactly that one, checks the hash, and unpacks the binary to `.uv/bin/uv`. Nothing outside the
project is touched. Exit 1 with one line when there is no wheel for this machine.
"""

import hashlib
import io
import os
import platform
import sys
import tomllib
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / ".uv" / "bin" / "uv"
PLATFORM_TAGS = {"Linux": "manylinux", "Darwin": "macosx"}
MACHINE_TAGS = {"amd64": "x86_64", "aarch64": "aarch64", "x86_64": "x86_64", "arm64": "arm64"}


def locked_wheel() -> dict[str, str]:
    """The wheel of uv in uv.lock that fits this machine: its url and sha256 hash."""
    packages = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    uv = next(package for package in packages if package["name"] == "uv")
    system = PLATFORM_TAGS.get(platform.system(), platform.system().lower())
    machine = MACHINE_TAGS.get(platform.machine().lower(), platform.machine().lower())
    for wheel in uv["wheels"]:
        name = wheel["url"].rsplit("/", 1)[-1]
        if system in name and machine in name:
            return dict(wheel)
    sys.exit(
        f"uv {uv['version']} has no wheel for {platform.system()} {platform.machine()}: "
        "install uv yourself and put it on PATH"
    )


def main() -> None:
    """Download, verify and unpack; an interrupted run leaves no half file."""
    wheel = locked_wheel()
    with urllib.request.urlopen(wheel["url"], timeout=300) as response:  # noqa: S310 - https, from the lock
        content = response.read()
    if f"sha256:{hashlib.sha256(content).hexdigest()}" != wheel["hash"]:
        sys.exit(f"{wheel['url']}: the download does not have the hash that uv.lock names")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        member = next(name for name in archive.namelist() if name.endswith("/scripts/uv"))
        binary = archive.read(member)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    partial = TARGET.with_suffix(".partial")
    partial.write_bytes(binary)
    partial.chmod(0o755)
    os.replace(partial, TARGET)  # noqa: PTH105


if __name__ == "__main__":
    main()
