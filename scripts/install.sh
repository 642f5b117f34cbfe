#!/bin/sh
# Makes .venv with CPython 3.10 where it is missing and installs a pinned set: scripts/install.sh requirements.lock
set -eu
if [ ! -x .venv/bin/python ]; then
  python=$(sh scripts/python310.sh)
  echo "Making .venv with $("$python" --version) ..."
  "$python" -m venv .venv
fi
count=$(grep -c '==' "$1")
echo "Installing the $count pinned packages of $1 (several hundred megabytes the first time) ..."
if command -v uv >/dev/null 2>&1; then
  uv pip install --python .venv/bin/python --no-deps -r "$1"
else
  .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null
  .venv/bin/python -m pip install --disable-pip-version-check --progress-bar off --no-deps -r "$1"
fi
.venv/bin/python -c 'import rasa_sdk, spacy' || { echo "The installation is not complete: run the command again." >&2; exit 1; }
