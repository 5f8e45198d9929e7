#!/bin/sh
# Makes the Python environment (.venv), installs Azurite (node_modules), or sees to a Chromium for the tests of the page.
# Called by the Makefile; may be run again.
#   sh tools/setup.sh python | node | browser | which-browser
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

# Its own lines of the pins, with their hashes, so that even the installer is the one that was meant.
install_uv() {
    pinned=$(mktemp)
    awk '/^[^ ]/ { ours = /^uv==/ } ours' requirements-dev.txt >"$pinned"
    .venv/bin/python -m pip install --quiet --require-hashes --no-deps -r "$pinned"
    rm -f "$pinned"
}

set_up_python() {
    echo "Making the Python environment…"
    make_venv
    uv=uv
    if ! uv --version >/dev/null 2>&1; then
        uv=.venv/bin/uv
        [ -x "$uv" ] || install_uv
    fi
    echo "Installing the Python packages…"
    VIRTUAL_ENV="$PWD/.venv" "$uv" pip sync --quiet --require-hashes requirements-dev.txt
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

# The first browser there is, of Chromium's kind. CHROMIUM names another.
find_browser() {
    if [ -n "${CHROMIUM:-}" ]; then
        command -v "$CHROMIUM" || stop "CHROMIUM is set to $CHROMIUM, which is no program."
        return
    fi
    for candidate in chromium chromium-browser google-chrome google-chrome-stable microsoft-edge \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
        "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
        if command -v "$candidate" 2>/dev/null; then
            return
        fi
    done
}

# Ubuntu's own chromium is a snap, which can't be driven from outside its sandbox; Chrome's package can.
command_for_a_browser() {
    if [ "$(uname)" = Darwin ]; then
        echo "brew install --cask google-chrome"
    elif grep -qs '^ID=ubuntu' /etc/os-release; then
        deb=google-chrome-stable_current_amd64.deb
        echo "curl -LO https://dl.google.com/linux/direct/$deb && sudo apt-get install ./$deb"
    elif command -v apt-get >/dev/null; then
        echo "sudo apt-get install --no-install-recommends chromium"
    elif command -v dnf >/dev/null; then
        echo "sudo dnf install chromium"
    elif command -v pacman >/dev/null; then
        echo "sudo pacman -S chromium"
    else
        echo "https://www.chromium.org/getting-involved/download-chromium/"
    fi
}

no_browser() {
    stop "The tests of the page need Chromium or Chrome, and none was found. Install one, then try again:" \
        "  $(command_for_a_browser)" \
        "Where it is in an unusual place, set CHROMIUM to its path."
}

install_browser() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || no_browser
    echo "Installing Chromium, for the tests of the page…"
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    if ! { apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium; } >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        no_browser
    fi
    rm -f "$log"
}

set_up_browser() {
    browser=$(find_browser)
    if [ -z "$browser" ]; then
        install_browser
        browser=$(find_browser)
        [ -n "$browser" ] || no_browser
    fi
    mkdir -p .local
    printf '%s\n' "$browser" >.local/browser
}

which_browser() {
    browser=$(find_browser)
    [ -n "$browser" ] || no_browser
    printf '%s\n' "$browser"
}

cd "$(dirname "$0")/.."
case "${1:-}" in
    python) set_up_python ;;
    node) set_up_node ;;
    browser) set_up_browser ;;
    which-browser) which_browser ;;
    *) stop "usage: sh tools/setup.sh python | node | browser | which-browser" ;;
esac
