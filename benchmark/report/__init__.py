"""Results as one static page: tables with intervals and ranks, plots, the worst clips, and how it was all made."""

from .page import ReportOptions, write_report
from .sources import ReportSource, load_sources

__all__ = ["ReportOptions", "ReportSource", "load_sources", "write_report"]
