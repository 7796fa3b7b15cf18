"""The hand-out: one page about a standard in which sliders move, with no kernel and no network."""
