#!/usr/bin/env bash
# Installs a bundle as a server without a network would, and sees it work: try_bundle.sh dist/bundle
set -euo pipefail
bundle=$(cd "${1:-dist/bundle}" && pwd)
room=$(mktemp -d)
trap 'kill ${server:-} 2>/dev/null || true; wait ${server:-} 2>/dev/null || true; rm -rf "$room"' EXIT
cd "$bundle" && sha256sum --quiet -c SHA256SUMS
"${PYTHON:-python3}" -m venv "$room/venv"
env -u PYTHONPATH PIP_CONFIG_FILE=/dev/null PIP_NO_INDEX=1 "$room/venv/bin/pip" install --quiet --disable-pip-version-check \
    --no-index --find-links wheels --require-hashes -r requirements.txt
cd "$room"
venv/bin/junheng example "$room/region"
venv/bin/junheng run "$room/region" --draws 100 | tail -1
port=$((20000 + RANDOM % 20000))
venv/bin/junheng serve "$room/region" --demo --port "$port" > "$room/said" &
server=$!
for _ in $(seq 300); do
    grep -q "127.0.0.1:$port" "$room/said" && break
    kill -0 "$server"
    sleep 0.2
done
venv/bin/python - "$port" <<'PY'
import re, sys, urllib.request

base = f"http://127.0.0.1:{sys.argv[1]}"
page = urllib.request.urlopen(f"{base}/accounts/login/").read().decode()
built = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
assert any("/dist/" in one for one in built), "the built pages are in the wheel"
for one in built:
    assert urllib.request.urlopen(base + one).status == 200, one
print(f"1 passed, 0 failed")
PY
