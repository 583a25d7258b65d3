"""Floor 3: tracks, submissions, run, score, compare, gate, report and the command line."""
