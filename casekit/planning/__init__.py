"""Planning: what happens if, how many people, who moves where, and when a limit breaks."""
