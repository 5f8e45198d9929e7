"""Nothing depends on an event having arrived: the daily job, sync by hand, plans, and the record of every run."""
