"""The recovery plan: the cheapest steps back within the rules."""
