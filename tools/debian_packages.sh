#!/usr/bin/env bash
# Installs the Debian packages that are named and not there. Where it cannot, it says what is missing.
set -euo pipefail

# One at a time, where several environments are made at once: apt-get does not wait for another.
if command -v flock >/dev/null; then
  exec 9>"${TMPDIR:-/tmp}/bronze-fixtures-debian-packages.lock"
  flock 9
fi

missing=()
for package in "$@"; do
  dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if ((${#missing[@]} == 0)); then exit 0; fi

sudo=$([[ $(id -u) == 0 ]] || command -v sudo || true)
if command -v apt-get >/dev/null && { [[ $(id -u) == 0 ]] || [[ -n $sudo ]]; }; then
  $sudo apt-get update --quiet --quiet
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install --quiet --quiet --yes --no-install-recommends "${missing[@]}"
else
  echo "Install what these Debian packages hold, and put it on PATH: ${missing[*]}" >&2
  exit 1
fi
