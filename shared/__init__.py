"""The product: pure model, use cases, and the adapters to Graph and Azure Storage."""
