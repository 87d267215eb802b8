#!/usr/bin/env bash
# Copy htmx from its npm package, so that pages load nothing from elsewhere.
# VERSION=4.0.1 takes that one instead of the newest 4.x.
set -euo pipefail
cd "$(dirname "$0")/.."

target=service/web/static/htmx
command -v npm >/dev/null || { echo "npm is missing: htmx comes from an npm package." >&2; exit 1; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

version=${VERSION:-$(npm view 'htmx.org@4' version --json | python3 -c '
import json, sys
found = json.load(sys.stdin)
print(found if isinstance(found, str) else found[-1])')}
npm pack --silent --ignore-scripts --pack-destination "$folder" "htmx.org@$version" >/dev/null
tar -xzf "$folder"/*.tgz -C "$folder"

mkdir -p "$target"
# The source map is not copied: a browser would only fail to load it.
sed -e 's|^//# sourceMappingURL=.*$||' "$folder/package/dist/htmx.min.js" > "$target/htmx.min.js"
cp "$folder/package/LICENSE" "$target"
echo "htmx.org $version" > "$target/VERSION"
echo "$target: $(cat "$target/VERSION")"
