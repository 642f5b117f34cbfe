#!/bin/sh
# Makes .venv with CPython 3.10 where it is missing and installs a pinned set: scripts/install.sh requirements.lock
set -eu
if [ ! -x .venv/bin/python ]; then
  python=$(sh scripts/python310.sh)
  echo "Making .venv with $("$python" --version) ..."
  "$python" -m venv .venv
fi
count=$(grep -c '==' "$1")
echo "Installing the $count pinned packages of $1 (some hundred megabytes the first time) ..."
if command -v uv >/dev/null 2>&1; then
  uv pip install --python .venv/bin/python --no-deps -r "$1"
else
  .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null
  .venv/bin/python -m pip install --disable-pip-version-check --progress-bar off --no-deps -r "$1"
fi

# Rasa imports packages that are not installed: what stands in for them must be there whenever this Python starts.
site=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
cp spineline/engine/no_tensorflow.py "$site/no_tensorflow.py"
echo 'import no_tensorflow; no_tensorflow.install()' >"$site/no_tensorflow.pth"

.venv/bin/python -c 'import rasa_sdk, spacy' || { echo "The installation is not complete: run the command again." >&2; exit 1; }
if [ "$1" = requirements.lock ] && [ -d "$site/tensorflow" ]; then
  echo "This .venv still holds TensorFlow, which is not needed any more: rm -r .venv and the same command make a smaller one."
fi
