import dataclasses
import re

from retargetbench.reference_model.baselines import classical
from retargetbench.reference_model.baselines.classical.settings import Settings

from ...house import PACKAGE, ROOT, import_graph

PAGE = ROOT / "docs" / "baselines.md"


def reached(start):
    """Every module of ours that is loaded with the given ones."""
    graph, waiting, seen = import_graph(), list(start), set()
    while waiting:
        module = waiting.pop()
        if module not in seen:
            seen.add(module)
            waiting += graph.get(module, ())
    return seen


def classical_modules():
    package = f"{PACKAGE}.reference_model.baselines.classical"
    own = [name for name in import_graph() if name.startswith(package)]
    assert len(own) > 5
    return reached(own)


def test_the_classical_method_loads_no_module_of_intents():
    assert [name for name in classical_modules() if name.startswith(f"{PACKAGE}.datasets.intents")] == []


def test_the_classical_method_shares_kinematics_skinning_and_distance_with_the_solver_and_nothing_else():
    makers = [name for name in import_graph() if name.startswith(f"{PACKAGE}.datasets.intents.")]
    assert f"{PACKAGE}.datasets.intents.solver.solve" in makers
    shared = {name.removeprefix(f"{PACKAGE}.datasets.") for name in classical_modules() & reached(makers)}
    computing = {"body.kinematics", "body.surface", "body.limbs"}
    # Kinematics in NumPy, which the leak report uses, is the same formula.
    parts_of_these = {"body._winding_kernel", "body.bounds", "body.cut_loops", "body.warp_start"}
    parts_of_these |= {"body.joint_poses", "rotations"}
    types = {"body", "body._arrays", "body.character", "body.joint_names", "body.motion", "body.skeleton", "errors"}
    assert computing <= shared
    assert shared <= computing | parts_of_these | types


def test_the_page_states_the_settings_that_are_used():
    rows = re.findall(r"^\| `(\w+)` \| ([\d.]+) \|", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert {name: float(value) for name, value in rows} == dataclasses.asdict(Settings())


def test_the_page_states_the_tuning_budget_of_the_card():
    text = " ".join(PAGE.read_text(encoding="utf-8").replace("*", "").split())
    (trained_on,) = classical.retarget.card["trained_on"]
    assert "16 configurations" in trained_on
    assert "16 configurations, tried by hand on Intents training programs and bodies only" in text
    for key in classical.retarget.card["trained_on_metrics"]:
        assert f"`{key.split('@')[0]}`" in text
