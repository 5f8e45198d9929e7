"""Pure rules and shapes: no I/O, no clock, no Azure, no HTTP."""
