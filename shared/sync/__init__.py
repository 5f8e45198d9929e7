"""The use cases. Start reading at transfer.py."""
