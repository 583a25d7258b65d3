"""A real browser for tests: headless Chromium, told what to do over a pipe (its DevTools protocol), nothing else.

It skips where ``chromium`` is not installed.
"""

import base64
import json
import os
import select
import shutil
import subprocess
import time

import pytest

PATIENCE_S = 60


class Browser:
    """One page in headless Chromium; use as a context manager."""

    def __init__(self, folder):
        self.folder, self._number = folder, 0

    def __enter__(self):
        program = shutil.which("chromium") or shutil.which("google-chrome")
        if program is None:
            pytest.skip("chromium is missing; this runs where it is installed")
        self.downloads = self.folder / "downloads"
        self.downloads.mkdir(parents=True, exist_ok=True)
        commands_out, self._to = os.pipe()
        self._from, answers_in = os.pipe()
        flags = ["--headless=new", "--no-sandbox", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu"]
        flags += ["--disable-dev-shm-usage", f"--user-data-dir={self.folder / 'profile'}"]

        def plug():  # Chromium reads commands from 3 and writes answers to 4
            os.dup2(commands_out, 103)
            os.dup2(answers_in, 104)
            os.dup2(103, 3)
            os.dup2(104, 4)

        self._process = subprocess.Popen(
            [program, *flags, "about:blank"], preexec_fn=plug, close_fds=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(commands_out)
        os.close(answers_in)
        self._rest, self.events, self._session = b"", [], None
        pages = [t for t in self.send("Target.getTargets")["targetInfos"] if t["type"] == "page"]
        opened = {"targetId": pages[0]["targetId"], "flatten": True}
        self._session = self.send("Target.attachToTarget", **opened)["sessionId"]
        for part in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{part}.enable")
        self.send("Page.setDownloadBehavior", behavior="allow", downloadPath=str(self.downloads))
        return self

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(20)
        os.close(self._to)
        os.close(self._from)

    def send(self, method, **parameters):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]
            self.events.append(answer)

    def _read(self):
        deadline = time.monotonic() + PATIENCE_S
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._from], [], [], max(0, deadline - time.monotonic()))
            assert ready, "the browser did not answer"
            read = os.read(self._from, 1 << 20)
            assert read, "the browser went away"
            self._rest += read
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)

    def open(self, address, *, size=(1180, 820)):
        self.send(
            "Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=1, mobile=False
        )
        self.send("Page.navigate", url="about:blank")  # another fragment alone would not load the page anew
        self.until("location.href === 'about:blank'")
        self.send("Page.navigate", url=address)
        self.until("document.readyState === 'complete' && document.getElementById('start')?.hidden === false")

    def ask(self, expression):
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def until(self, condition):
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if self.ask(condition):
                return
            time.sleep(0.02)
        pytest.fail(f"never came true: {condition}")

    def click(self, name):
        """A real click with the mouse in the middle of an element."""
        place = (
            f"(r => [r.x + r.width / 2, r.y + r.height / 2])(document.getElementById('{name}').getBoundingClientRect())"
        )
        x, y = self.ask(place)
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def press(self, key, code=None):
        text = {"text": key} if len(key) == 1 else {}
        self.send("Input.dispatchKeyEvent", type="keyDown", key=key, code=code or key, **text)
        self.send("Input.dispatchKeyEvent", type="keyUp", key=key, code=code or key)

    def write(self, text):
        self.send("Input.insertText", text=text)

    def picture(self, path):
        path.write_bytes(base64.b64decode(self.send("Page.captureScreenshot")["data"]))

    def downloaded(self):
        """The one finished download."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            done = [p for p in self.downloads.iterdir() if p.suffix == ".json"]
            if done:
                return done[0]
            time.sleep(0.02)
        pytest.fail("nothing was downloaded")

    def complaints(self):
        """What the page wrote to the console as an error, and every address it asked for that is no file."""
        self.ask("1")
        said = [e["params"]["entry"]["text"] for e in self.events if e["method"] == "Log.entryAdded"]
        said += [str(e["params"]["exceptionDetails"]) for e in self.events if e["method"] == "Runtime.exceptionThrown"]
        asked = [e["params"]["request"]["url"] for e in self.events if e["method"] == "Network.requestWillBeSent"]
        return said + [url for url in asked if not url.startswith(("file:", "blob:", "about:"))]
