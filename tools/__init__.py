"""For people who work on the product; never deployed."""
