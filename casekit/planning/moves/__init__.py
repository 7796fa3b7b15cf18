"""Who moves to whom: the reassignment, and where a new student is best placed."""
