"""Staffing day by day: the ratio through time, and how many people it takes."""
