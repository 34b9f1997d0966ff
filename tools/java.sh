#!/usr/bin/env bash
# Installs Debian's Java if there is no Java, and checks that the Java is new enough for Spark.
set -euo pipefail

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
if [[ -z ${JAVA_HOME:-} ]] && ! command -v java >/dev/null; then
  bash "$(dirname "${BASH_SOURCE[0]}")/debian_packages.sh" default-jre-headless
fi
if ! answer=$("$java" -version 2>&1); then
  echo "Spark needs Java 17 or later, but $java does not run. Install Java, or correct JAVA_HOME." >&2
  exit 1
fi
version=$(sed -nE 's/.*version "([0-9]+).*/\1/p' <<<"$answer")
if [[ -z $version ]]; then
  echo "Spark needs Java 17 or later, but $java does not report a version. Install Java 17, or correct JAVA_HOME." >&2
  exit 1
elif ((version < 17)); then
  echo "Spark needs Java 17 or later, but $java is Java $version. Install Java 17, or correct JAVA_HOME." >&2
  exit 1
fi
