"""Scenarios: what is tried, put into effect, judged again and compared."""
