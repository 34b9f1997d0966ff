#!/usr/bin/env bash
# Installs Debian's Java where there is no other: neither on PATH nor in JAVA_HOME.
set -euo pipefail

if command -v java >/dev/null || [[ -n ${JAVA_HOME:-} ]]; then exit 0; fi
exec bash "$(dirname "${BASH_SOURCE[0]}")/debian_packages.sh" default-jre-headless
