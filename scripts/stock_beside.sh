#!/bin/sh
# Makes .venv-stock: .venv plus what stock Rasa has more. A test compares the answers of the two.
set -eu
[ -x .venv-stock/bin/python ] || .venv/bin/python -m venv .venv-stock
purelib='import sysconfig; print(sysconfig.get_path("purelib"))'
ours=$(.venv/bin/python -c "$purelib")
echo "import site; site.addsitedir('$ours')" >"$(.venv-stock/bin/python -c "$purelib")/ours.pth"
# pip, never uv: only pip sees that most of it is already there.
.venv-stock/bin/python -m pip install --disable-pip-version-check --progress-bar off --no-deps -q -r requirements-stock.lock
