"""Compile every Warp kernel of the package into Warp's cache: ``python -m retargetbench.datasets.warp_kernels``.

A kernel is compiled when it is first used, which takes seconds; done once after the installation, no later command
waits for it.
"""

import warp as wp

from .body import _winding_kernel
from .body.warp_start import start_warp
from .rendering import outline_pieces, outlines, rasterizer

MODULES = (_winding_kernel, rasterizer, outline_pieces, outlines)
"""The modules that define kernels."""


def compile_kernels(device: str = "cpu") -> None:
    """Compile all kernels for a device; those that are compiled already take no time."""
    start_warp()
    for module in MODULES:
        wp.load_module(module, device=device)


if __name__ == "__main__":
    compile_kernels()
