"""For pytest: chapters are tested in the same way whether all tests run or one notebook."""

pytest_plugins = ["tests.chapters"]
