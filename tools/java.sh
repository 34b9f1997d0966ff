#!/usr/bin/env bash
# Installs Debian's Java where there is no other, and sees that what is there is one that Spark takes.
set -euo pipefail

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
if [[ -z ${JAVA_HOME:-} ]] && ! command -v java >/dev/null; then
  bash "$(dirname "${BASH_SOURCE[0]}")/debian_packages.sh" default-jre-headless
fi
if ! said=$("$java" -version 2>&1); then
  echo "Spark needs Java 17 or later, and $java does not run. Install one, or mend JAVA_HOME." >&2
  exit 1
fi
version=$(sed -nE 's/.*version "([0-9]+).*/\1/p' <<<"$said")
if ((${version:-0} < 17)); then
  echo "Spark needs Java 17 or later, and $java is ${version:-of no version that it tells}." >&2
  exit 1
fi
