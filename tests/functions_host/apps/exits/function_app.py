"""An app that ends its process."""

raise SystemExit(5)
