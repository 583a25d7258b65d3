"""Start Warp without its banner and without its complaint about machines that have no CUDA driver."""

import os
import sys
from functools import cache

import warp as wp


@cache
def start_warp() -> None:
    """Initialise Warp once per process, quietly; every module that launches kernels calls it first.

    The missing-driver warning is written by native code straight to file descriptor 2, so that it can only be kept
    away from a user's terminal by closing that door for the moment of the initialisation.
    """
    wp.config.quiet = True
    if hasattr(wp.config, "log_level"):
        wp.config.log_level = wp.LOG_WARNING
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        wp.init()
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)
