#!/usr/bin/env bash
# Copy Swagger UI from its npm package, so that the API's documentation needs no network.
# VERSION=5.1.2 takes that one instead of the newest 5.x.
set -euo pipefail
cd "$(dirname "$0")/.."

target=service/web/static/swagger-ui
command -v npm >/dev/null || { echo "npm is missing: the bundle comes from an npm package." >&2; exit 1; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# A range may match many versions: npm view lists them in order, oldest first.
version=${VERSION:-$(npm view 'swagger-ui-dist@5' version --json | python3 -c '
import json, sys
found = json.load(sys.stdin)
print(found if isinstance(found, str) else found[-1])')}
npm pack --silent --ignore-scripts --pack-destination "$folder" "swagger-ui-dist@$version" >/dev/null
tar -xzf "$folder"/*.tgz -C "$folder"

mkdir -p "$target"
for file in swagger-ui-bundle.js swagger-ui.css; do
  # The source maps are not copied: a browser would only fail to load them.
  sed -e 's|^//# sourceMappingURL=.*$||' -e 's|/\*# sourceMappingURL=[^*]*\*/||' "$folder/package/$file" > "$target/$file"
done
# The second names the licences of what is inside the bundle.
cp "$folder"/package/{LICENSE,swagger-ui-bundle.js.LICENSE.txt} "$target"
if [ -f "$folder/package/NOTICE" ]; then cp "$folder/package/NOTICE" "$target/NOTICE"; fi
echo "swagger-ui-dist $version" > "$target/VERSION"
echo "$target: $(cat "$target/VERSION")"
