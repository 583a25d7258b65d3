# mypy: disable-error-code="valid-type,untyped-decorator,operator"
"""The one Warp kernel of the surface queries; the same source serves the CPU and CUDA."""

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
def query_kernel(mesh: wp.uint64, points: wp.array(dtype=wp.vec3), first: int, hits: HitArrays) -> None:
    """Write the closest surface point of ``points[first + thread]`` and whether the winding number is above 0.5."""
    row = first + wp.tid()
    point = points[row]
    hit = wp.mesh_query_point_sign_winding_number(mesh, point, _REACH_M, _ACCURACY, 0.5)
    if hit.result:
        closest = wp.mesh_eval_position(mesh, hit.face, hit.u, hit.v)
        hits.inside[row] = hit.sign < 0.0
        hits.distance[row] = wp.length(point - closest)
        hits.face[row] = hit.face
        hits.barycentrics[row] = wp.vec3(hit.u, hit.v, 1.0 - hit.u - hit.v)
