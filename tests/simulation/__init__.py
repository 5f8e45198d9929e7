"""The storm: seeded random people and faults against the planner and against the whole app, checked from outside."""
