#!/bin/sh
# Makes the Python environment (.venv) or installs Azurite (node_modules). Called by the Makefile; may be run again.
#   sh tools/setup.sh python | node
set -eu

PYTHON_VERSION=3.13
NODE_MIN=20

stop() {
    printf '%s\n' "$@" >&2
    exit 1
}

# The first interpreter of the right version; pyenv's and other shims answer only where a version is chosen.
find_python() {
    for candidate in "python$PYTHON_VERSION" python3 python; do
        if "$candidate" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$PYTHON_VERSION')" 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
}

is_right_venv() {
    [ -x .venv/bin/python ] &&
        .venv/bin/python -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$PYTHON_VERSION')" 2>/dev/null
}

make_venv() {
    if is_right_venv; then
        return
    fi
    rm -rf .venv
    python=$(find_python)
    if [ -n "$python" ]; then
        "$python" -m venv .venv || stop "Python's venv module does not work here; on Debian and Ubuntu install python$PYTHON_VERSION-venv."
    elif uv --version >/dev/null 2>&1; then
        uv venv --quiet --python "$PYTHON_VERSION" .venv
    else
        stop "Python $PYTHON_VERSION was not found. Install one of these, then try again:" \
            "  Python $PYTHON_VERSION  https://www.python.org/downloads/ or: pyenv install $PYTHON_VERSION" \
            "  uv           https://docs.astral.sh/uv/ (it brings Python $PYTHON_VERSION)"
    fi
}

set_up_python() {
    echo "Making the Python environment…"
    make_venv
    uv=uv
    if ! uv --version >/dev/null 2>&1; then
        uv=.venv/bin/uv
        [ -x "$uv" ] || .venv/bin/python -m pip install --quiet "$(grep '^uv==' requirements-dev.txt)"
    fi
    echo "Installing the Python packages…"
    VIRTUAL_ENV="$PWD/.venv" "$uv" pip sync --quiet requirements-dev.txt
    touch .venv/.ready
}

set_up_node() {
    major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null) ||
        stop "Node was not found. Install Node $NODE_MIN or later: https://nodejs.org/"
    [ "$major" -ge "$NODE_MIN" ] || stop "Node $major is too old. Install Node $NODE_MIN or later: https://nodejs.org/"
    npm --version >/dev/null 2>&1 || stop "npm was not found. It comes with Node: https://nodejs.org/"
    echo "Installing Azurite, the local Azure Storage…"
    npm ci --ignore-scripts --loglevel=error
    touch node_modules/.ready
}

cd "$(dirname "$0")/.."
case "${1:-}" in
    python) set_up_python ;;
    node) set_up_node ;;
    *) stop "usage: sh tools/setup.sh python | node" ;;
esac
