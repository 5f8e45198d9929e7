"""Azure Functions entry points: one file per trigger family."""
