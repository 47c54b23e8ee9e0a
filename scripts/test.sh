#!/usr/bin/env bash
# Tests in two processes side by side, the core and the window: `test.sh "not slow"` or `test.sh slow`.
# Torch and Qt do not meet in one process, as in the product.
set -uo pipefail
cd "$(dirname "$0")/.."
which=${1:?not slow, or slow}
python=${VENV:-.venv}/bin/python
export OMP_NUM_THREADS=1

log=$(mktemp)
trap 'rm -f "$log"' EXIT
"$python" -m pytest -q -m "$which" -p no:cacheprovider tests/studio >"$log" 2>&1 &
window=$!
"$python" -m pytest -q -m "$which" --ignore tests/studio
core=$?
wait "$window"
window=$?
cat "$log"
exit $((core > window ? core : window))
