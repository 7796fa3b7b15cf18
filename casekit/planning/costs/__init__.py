"""Costs: what the days ahead cost, what being sure costs, and what moves that."""
