"""Plays the Azure CLI: `az account get-access-token`, with AZ_TOKEN, or refusing with AZ_REFUSAL."""

import json
import os
import sys

if __name__ == "__main__":
    assert sys.argv[1:3] == ["account", "get-access-token"], sys.argv
    assert sys.argv[sys.argv.index("--resource-type") + 1] == "ms-graph"
    if os.environ["AZ_REFUSAL"]:
        raise SystemExit(os.environ["AZ_REFUSAL"])
    print(json.dumps({"accessToken": os.environ["AZ_TOKEN"], "tokenType": "Bearer"}))
