# mypy: disable-error-code="valid-type,untyped-decorator,operator"
"""The Warp kernels of the surface queries; the same source serves the CPU and CUDA."""

import warp as wp

wp.set_module_options({"enable_backward": False})

_ACCURACY = wp.constant(2.0)  # Barnes-Hut: a cluster of faces is summed as one beyond this many of its radii
_REACH_M = wp.constant(1e6)


@wp.struct
class HitArrays:
    """Output arrays, one row per point and frame."""

    inside: wp.array(dtype=wp.bool)
    distance: wp.array(dtype=float)
    face: wp.array(dtype=int)
    barycentrics: wp.array(dtype=wp.vec3)


@wp.kernel
def closest_kernel(
    mesh: wp.uint64, points: wp.array(dtype=wp.vec3), rows: wp.array(dtype=int), first: int, hits: HitArrays
) -> None:
    """Write the closest surface point of ``points[rows[first + thread]]``."""
    row = rows[first + wp.tid()]
    hit = wp.mesh_query_point_no_sign(mesh, points[row], _REACH_M)
    if hit.result:
        hits.distance[row] = wp.length(points[row] - wp.mesh_eval_position(mesh, hit.face, hit.u, hit.v))
        hits.face[row] = hit.face
        hits.barycentrics[row] = wp.vec3(hit.u, hit.v, 1.0 - hit.u - hit.v)


@wp.kernel
def inside_kernel(
    mesh: wp.uint64, points: wp.array(dtype=wp.vec3), rows: wp.array(dtype=int), first: int, hits: HitArrays
) -> None:
    """Write whether the winding number at ``points[rows[first + thread]]`` is above 0.5, its distance being known."""
    row = rows[first + wp.tid()]
    reach = hits.distance[row] * 1.01 + 1.0e-5  # just far enough for Warp to find a surface and then tell the sign
    hit = wp.mesh_query_point_sign_winding_number(mesh, points[row], reach, _ACCURACY, 0.5)
    hits.inside[row] = hit.result and hit.sign < 0.0
