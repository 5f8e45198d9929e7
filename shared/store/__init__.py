"""Azure Storage: tables, blobs and queues."""
