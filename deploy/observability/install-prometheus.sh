#!/bin/sh
# Puts Debian's Prometheus and promtool into .local/cache/prometheus of this clone, for the tests of the alert rules: fetched as
# a package and unpacked, so nothing is installed on the machine, no service is started, and no root is needed where the
# package lists are there already. Debian and Ubuntu only; elsewhere have prometheus and promtool in PATH.
set -eu
target=$(cd "$(dirname "$0")/../.." && pwd)/.local/cache/prometheus
[ -x "$target/promtool" ] && [ -x "$target/prometheus" ] && exit 0
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || { echo "no apt-get here: put prometheus and promtool into PATH" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get -qq download prometheus 2>/dev/null || { apt-get -qq update && apt-get -qq download prometheus; }
dpkg-deb -x prometheus_*.deb unpacked
mkdir -p "$target"
# a rename makes each whole or absent, also when two fetch at once
for program in prometheus promtool; do mv "unpacked/usr/bin/$program" "$target/$program.$$" && mv "$target/$program.$$" "$target/$program"; done
