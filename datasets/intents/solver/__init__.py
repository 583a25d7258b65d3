"""Solves a program on bodies: goals are met, planted feet stand still, no limb goes through the body."""

from .settings import SolverSettings
from .solve import ClipReport, Solution, solve

__all__ = ["ClipReport", "Solution", "SolverSettings", "solve"]
