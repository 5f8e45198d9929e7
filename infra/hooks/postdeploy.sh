#!/bin/sh
# After each deployment of code: has blob events sent to the function that is there now. Harmless to repeat; by hand:
#   azd hooks run postdeploy
# azd gives the environment's values (the outputs of infra/main.bicep) as variables.
set -eu
cd "$(dirname "$0")/../.."
python=.venv/bin/python
[ -x "$python" ] || python=$(command -v python3.13 || command -v python3)
exec "$python" -m tools.infra subscribe "$@"
