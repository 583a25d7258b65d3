"""HumanML3D and KIT-ML in the layout in which they lie on a user's disk: features, captions, splits, and what overlaps.

``docs/text-motion-data.md`` explains the formulas and gives their sources. Nothing of the two data sets is in here.
"""
