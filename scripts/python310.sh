#!/bin/sh
# Prints a CPython 3.10 that really runs, or says how to get one. Rasa 3.6 needs exactly this version.
set -u
works() { "$1" -c 'import sys, venv, ensurepip; raise SystemExit(sys.version_info[:2] != (3, 10) or sys.implementation.name != "cpython")' >/dev/null 2>&1; }

for candidate in "${PYTHON310:-}" python3.10 \
  "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10.*/bin/python \
  "${UV_PYTHON_INSTALL_DIR:-$HOME/.local/share/uv/python}"/cpython-3.10*/bin/python3.10 \
  /usr/bin/python3.10 /usr/local/bin/python3.10 /opt/homebrew/bin/python3.10 \
  /Library/Frameworks/Python.framework/Versions/3.10/bin/python3.10 python3 python; do
  [ -n "$candidate" ] || continue
  if works "$candidate"; then
    command -v "$candidate"
    exit 0
  fi
done

# No `cat` here: a machine that lacks everything may lack that too.
printf '%s\n' >&2 'Spineline needs CPython 3.10 (Rasa 3.6 runs on no later one) and found none. One of these gets it:

  with uv       uv python install 3.10
  with pyenv    pyenv install 3.10
  Ubuntu 22.04  sudo apt-get install -y python3.10 python3.10-venv
  Fedora        sudo dnf install -y python3.10
  macOS         brew install python@3.10

Then run the same make command again. PYTHON310=/path/to/python3.10 names one that lies elsewhere.'
exit 1
