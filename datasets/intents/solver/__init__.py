"""Solves a program on bodies: goals are met, planted feet stand still, no limb goes through the body."""

from .moments import solve_moments
from .settings import SolverSettings
from .solve import Solution, pose_departures, solve

__all__ = ["Solution", "SolverSettings", "pose_departures", "solve", "solve_moments"]
