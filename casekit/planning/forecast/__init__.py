"""The forecast: what may come of a program, week by week."""
