"""SMT, the two-stage retargeter (Zhang et al., CVPR 2024): networks, losses, training and the methods they become.

A network is given a source's motion, the source's rig and the target's; ``docs/smt.md`` says what differs from the
paper and from the released code.
"""
