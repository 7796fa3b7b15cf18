"""Hours and weeks: workload, cover of leave, and when meetings are held."""
