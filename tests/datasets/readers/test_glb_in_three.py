"""A written GLB file in a real viewer: three.js in headless Chromium poses it as we do.

It runs where ``chromium`` and ``node`` are installed and node finds the package ``three`` (``npm install three`` in
some folder, and NODE_PATH pointing to its node_modules); elsewhere it skips and says why.
"""

import base64
import json
import shutil
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import torch

from retargetbench.datasets.body.kinematics import motion_pose, motion_vertices_m
from retargetbench.datasets.readers.glb import read_glb
from retargetbench.datasets.readers.glb_writer import write_glb

from .people import person, wild_motion

TOLERANCE_M = 1e-4
PAGE = Path(__file__).with_name("viewer.html")


@pytest.fixture(scope="module")
def three():
    for program in ("node", "chromium"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is missing; this runs where it is installed")
    asked = ["node", "-p", "require.resolve('three')"]
    found = subprocess.run(asked, capture_output=True, text=True, check=False)
    if found.returncode != 0:
        pytest.skip(
            "the package 'three' is missing; this runs after `npm install three` with NODE_PATH=.../node_modules"
        )
    return Path(found.stdout.strip()).parents[1]


class Handler(SimpleHTTPRequestHandler):
    def __init__(self, *arguments, served, answered, **options):
        self.served, self.answered = served, answered
        super().__init__(*arguments, **options)

    def translate_path(self, path):
        path = path.split("?")[0]
        if path.startswith("/three/"):
            return str(self.served["three"] / path.removeprefix("/three/"))
        return str(self.served["folder"] / path.lstrip("/"))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.answered["answer"] = json.loads(body)
        self.answered["done"].set()

    def log_message(self, *_):
        pass


def in_browser(folder, three, character, motion, times):
    write_glb(folder / "scene.glb", character, {"clip": motion})
    shutil.copy(PAGE, folder / "index.html")
    middle = (character.rest_vertices_m.max(axis=0) + character.rest_vertices_m.min(axis=0)) / 2
    picked = np.linspace(0, character.vertex_count - 1, 60).astype(int).tolist()
    request = {"animation": "clip", "times": times, "joints": character.skeleton.joint_count, "vertices": picked}
    request |= {"lookAt": (middle + motion.root_translation_m[-1] * [1, 0, 1]).tolist(), "size": character.height_m}
    (folder / "request.json").write_text(json.dumps(request))
    answered = {"done": threading.Event()}
    handler = partial(Handler, served={"three": three, "folder": folder}, answered=answered)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/index.html"
        flags = ["--headless=new", "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader"]
        flags += ["--enable-unsafe-swiftshader", f"--user-data-dir={folder / 'profile'}", "--no-first-run"]
        browser = subprocess.Popen(
            ["chromium", *flags, address], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            assert answered["done"].wait(120), "the browser did not answer"
        finally:
            browser.terminate()
            browser.wait(20)
            server.shutdown()
    assert "problem" not in answered["answer"], answered["answer"]
    return answered["answer"], picked


def check(folder, three, character, motion):
    frames = np.unique(np.linspace(0, motion.frame_count - 1, 5).astype(int))
    times = [float(np.float32(f / motion.fps)) for f in frames]
    answer, picked = in_browser(folder, three, character, motion, times)
    joints = motion_pose(motion, dtype=torch.float64).positions_m.numpy()[frames]
    assert np.abs(np.array(answer["joints"]) - joints).max() < TOLERANCE_M
    vertices = motion_vertices_m(character, motion, dtype=torch.float64).numpy()[frames][:, picked]
    assert np.abs(np.array(answer["vertices"]) - vertices).max() < TOLERANCE_M
    if "picture" in answer:
        (folder / "picture.png").write_bytes(base64.b64decode(answer["picture"].split(",")[1]))


@pytest.mark.slow
def test_three_js_poses_a_written_character_as_we_do(tmp_path, three):
    body = person(influences=4)
    check(tmp_path, three, body, wild_motion(body.skeleton))


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.filterwarnings("ignore::retargetbench.datasets.readers.errors.ReaderWarning")
@pytest.mark.parametrize(
    ("file", "animation"),
    [("kaykit_adventurers/Knight.glb", "Running_A"), ("mesh2motion/human_addon_animations.glb", "Bow")],
)
def test_three_js_poses_a_real_character_as_we_do(tmp_path, three, shared_data, file, animation):
    scene = read_glb(shared_data / "characters" / file, animations_named=[animation])
    check(tmp_path, three, scene.character, scene.motions[animation])
