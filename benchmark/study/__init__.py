"""People's votes on retargeted motions: a blind page for raters, and what their votes say.

``study make`` writes a folder that is given to raters and a key that is not; ``study score`` reads the key and the
files that raters send back. The page, the key and the votes are the only things that pass between the two.
"""
