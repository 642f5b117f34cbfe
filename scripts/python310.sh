#!/bin/sh
# Prints a CPython 3.10 that really runs; gets one into .tools/ where there is none; else says how to get one.
# Rasa 3.6 needs exactly this version.
set -u

works() { "$1" -c 'import sys, venv, ensurepip; raise SystemExit(sys.version_info[:2] != (3, 10) or sys.implementation.name != "cpython")' >/dev/null 2>&1; }

search() {
  for candidate in "${PYTHON310:-}" python3.10 \
    "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10.*/bin/python \
    "${UV_PYTHON_INSTALL_DIR:-$HOME/.local/share/uv/python}"/cpython-3.10*/bin/python3.10 \
    /usr/bin/python3.10 /usr/local/bin/python3.10 /opt/homebrew/bin/python3.10 \
    /Library/Frameworks/Python.framework/Versions/3.10/bin/python3.10 python3 python \
    "$PWD"/.tools/python/cpython-3.10*/bin/python3.10; do
    if [ -n "$candidate" ] && works "$candidate"; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

# uv gets interpreters; any other Python gets uv.
uv_is_there() {
  uv=$(command -v uv || command -v "$PWD/.tools/uv/bin/uv") && return
  for any in python3 python; do
    "$any" -m pip install -q --disable-pip-version-check --retries 1 --target .tools/uv uv ||
      { "$any" -m venv .tools/uv && .tools/uv/bin/python -m pip install -q --disable-pip-version-check --retries 1 uv; }
    uv=$(command -v "$PWD/.tools/uv/bin/uv") && return
  done 2>/dev/null
  return 1
}

get() {
  printf '%s\n' 'Found no CPython 3.10, which Rasa 3.6 needs: getting one into .tools/ with uv (about 30 MB) ...'
  uv_is_there && UV_PYTHON_INSTALL_DIR="$PWD/.tools/python" UV_PYTHON_INSTALL_BIN=0 "$uv" python install 3.10
}

search && exit
get >&2
search && exit

# No `cat` here: a machine that lacks everything may lack that too.
printf '%s\n' >&2 '
Spineline needs CPython 3.10 (Rasa 3.6 runs on no later one), found none and could not get one. One of these does:

  with uv       uv python install 3.10
  with pyenv    pyenv install 3.10
  Ubuntu 22.04  sudo apt-get install -y python3.10 python3.10-venv
  Fedora        sudo dnf install -y python3.10
  macOS         brew install python@3.10

Then run the same make command again. PYTHON310=/path/to/python3.10 names one that lies elsewhere.'
exit 1
