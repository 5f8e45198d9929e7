"""Plays the Azure Developer CLI: `azd env get-values` and `azd env set`, with the values in the file AZD_STATE."""

import json
import os
import sys
from pathlib import Path

if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    file = Path(os.environ["AZD_STATE"])
    values = json.loads(file.read_text("utf-8"))
    if words == ["env", "get-values"]:
        print("\n".join(f'{name}="{value}"' for name, value in values.items()))
    elif words[:2] == ["env", "set"]:
        file.write_text(json.dumps(values | {words[2]: words[3]}), "utf-8")
    else:
        values["ran"] = " ".join(words)
        file.write_text(json.dumps(values), "utf-8")
