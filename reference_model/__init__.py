"""Floor 3: the reference systems and baselines; each satisfies the public protocols as any submitter would."""
