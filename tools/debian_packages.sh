#!/usr/bin/env bash
# Installs the named Debian packages that are missing. Where it cannot, it says which are missing.
set -euo pipefail

# Several environments may be made at once, and apt-get does not wait for another apt-get.
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
if ! command -v apt-get >/dev/null; then
  echo "These Debian packages are missing: ${missing[*]}. There is no apt-get here: install the same programs in another way." >&2
  exit 1
elif [[ $(id -u) != 0 && -z $sudo ]]; then
  echo "These Debian packages are missing: ${missing[*]}. Install them as root: this user has no sudo." >&2
  exit 1
fi
echo "Installing with apt-get: ${missing[*]}"
$sudo apt-get update --quiet --quiet
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install --quiet --quiet --yes --no-install-recommends "${missing[@]}"
