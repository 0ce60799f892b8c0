"""Just enough of WebDriver BiDi (https://w3c.github.io/webdriver-bidi/) to drive a Firefox that is installed.

Playwright drives only a Firefox that it has built itself, and Debian has no geckodriver; Firefox speaks the
protocol by itself, over a web socket.
"""

import json
import re
import subprocess
import tempfile
import time

from websocket import create_connection


class Firefox:
    """A Firefox without a window, with a profile of its own."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        self.profile = tempfile.TemporaryDirectory()
        command = [self.path, "--headless", "--remote-debugging-port=0", "--profile", self.profile.name]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if found := re.search(r"WebDriver BiDi listening on (\S+)", line):
                break
        self.socket = create_connection(f"{found[1]}/session", timeout=60, suppress_origin=True)
        self.count = 0
        self.ask("session.new", capabilities={})
        [context] = self.ask("browsingContext.getTree")["contexts"]
        self.context = context["context"]
        return self

    def __exit__(self, *_):
        self.socket.close()
        self.process.terminate()
        self.process.communicate(timeout=30)
        self.profile.cleanup()

    def ask(self, method, **params):
        """Send a command and return its result."""
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": params}))
        while (answer := json.loads(self.socket.recv())).get("id") != self.count:
            pass  # an event
        if answer["type"] == "error":
            raise RuntimeError(f"{method}: {answer['message']}")
        return answer["result"]

    def go(self, address):
        """Open a page."""
        self.ask("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def do(self, script):
        """Return what a JavaScript expression gives: text, a number, or whether something holds."""
        target = {"context": self.context}
        answer = self.ask("script.evaluate", expression=script, target=target, awaitPromise=True)
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return answer["result"].get("value")

    def wait(self, condition, seconds=300):
        """Wait until a JavaScript expression holds."""
        end = time.monotonic() + seconds
        while not self.do(condition):
            if time.monotonic() > end:
                raise TimeoutError(condition)
            time.sleep(0.1)
