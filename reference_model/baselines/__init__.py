"""Methods that need no training: the floors of every table and the classical competitor.

Each module has a ``retarget(source, motion, target, *, seed) -> Motion`` with a ``card``; they satisfy the public
protocol as any submission would.
"""
