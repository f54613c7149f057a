#!/bin/sh
# Make the environment: set_up.sh PYTHON VENV. Uses uv where it is there or can be had, pip otherwise.
set -eu
python=$1
venv=$2

"$python" - <<'VERSION' || exit 1
import sys
if sys.version_info < (3, 11):
    sys.exit(f"Python 3.11 or newer is needed, and {sys.executable} is {sys.version.split()[0]}; name one with make PYTHON=...")
VERSION

if [ ! -x "$venv/bin/python" ]; then
    "$python" -m venv "$venv"
fi

if command -v uv >/dev/null 2>&1; then
    uv=uv
elif "$venv/bin/python" -m pip install --quiet --disable-pip-version-check uv; then
    uv="$venv/bin/uv"
else
    uv=
fi

echo "Installing what requirements.lock lists into $venv"
if [ -n "$uv" ] && "$uv" pip install --quiet --python "$venv/bin/python" --requirement requirements.lock; then
    :
else
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
fi
# The build backend is among the locked versions, so nothing else is fetched.
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
