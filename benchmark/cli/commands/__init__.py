"""One module per command, each with one frozen dataclass: its fields are the flags, its ``run`` does the work."""
