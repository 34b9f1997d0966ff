#!/usr/bin/env bash
# Makes the environment .venv in this project and installs into it what is named, as `pip install` does:
#
#     bash tools/bootstrap.sh .
#     bash tools/bootstrap.sh tox tox-uv
#
# It may be run again. Where Python cannot make environments, Debian's python3-venv is installed first.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

stop() {
  echo "tools/bootstrap.sh: $1" >&2
  exit "${2:-1}"
}

if (($# == 0)); then stop "name what to install, for example: bash tools/bootstrap.sh ." 2; fi

can_make_environments() { python3 -c 'import ensurepip, venv' 2>/dev/null; }

# An environment that is there is kept. It is made again only if its Python is gone.
if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
  can_make_environments || bash tools/debian_packages.sh python3-venv
  can_make_environments || stop "$(command -v python3) has no venv or no ensurepip. Put another python3 first on PATH."
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "$(python3 --version) is too old. Put Python 3.11 or later first on PATH, as python3."
  if .venv/bin/python -c '' 2>/dev/null; then
    .venv/bin/python -m ensurepip # uv makes environments without pip
  else
    echo "Making the environment .venv with $(python3 --version)."
    python3 -m venv --clear .venv
  fi
fi
exec .venv/bin/python -m pip install "$@"
