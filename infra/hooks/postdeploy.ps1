# After each deployment of code: has blob events sent to the function that is there now. See postdeploy.sh.
$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot '../..')
python -m tools.infra subscribe
exit $LASTEXITCODE
