"""Outcomes of the official tests, beside the list of deliberate differences."""

from __future__ import annotations

import json
import sys
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

tomllib: Any = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")


class Difference:
    """Tests that do not hold for Martlet, and why.

    `kind` is "differs" for tests that run and must fail, each with a message that holds `error`, or
    "inapplicable" for tests that are about something else than what a user sees: those are left out.
    """

    def __init__(self, kind: str, reason: str, tests: list[str], error: str = "") -> None:
        self.kind = kind
        self.reason = " ".join(reason.split())
        self.error = error
        self.tests = tests

    def covering(self, test: str) -> str | None:
        """Return the pattern that covers a test. Brackets stand for themselves, `*` and `?` for others."""
        literal = ((pattern, pattern.replace("[", "[[]")) for pattern in self.tests)
        return next((pattern for pattern, glob in literal if fnmatchcase(test, glob)), None)


def read_differences(path: Path) -> list[Difference]:
    """Read the list: tables `inapplicable` and `differs`, the first match decides."""
    with path.open("rb") as file:
        tables = tomllib.load(file)
    return [
        Difference(kind, **entry) for kind in ("inapplicable", "differs") for entry in tables.get(kind, [])
    ]


class Outcomes:
    """Leaves out what is not applicable, and notes for each test how it ended."""

    def __init__(self, differences: list[Difference], log: Path) -> None:
        self._differences = differences
        self._log = log
        self._notes: list[str] = []
        self._expected: dict[str, Difference] = {}
        self._failures: dict[str, str] = {}
        self._patterns = {pattern for difference in differences for pattern in difference.tests}

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        kept: list[pytest.Item] = []
        left_out: list[pytest.Item] = []
        for item in items:
            (left_out if self._is_inapplicable(item.nodeid) else kept).append(item)
        items[:] = kept
        config.hook.pytest_deselected(items=left_out)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failures.setdefault(report.nodeid, _complaint(report))
        if report.skipped:
            self._note(report.nodeid, "skipped", _complaint(report))
        elif report.when == "teardown":
            self._note(report.nodeid, *self.judge(report.nodeid, self._failures.get(report.nodeid)))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._note(report.nodeid, "failed", _complaint(report))

    def pytest_sessionfinish(self) -> None:
        for pattern in sorted(self._patterns):
            self._note(pattern, "unmatched", "")
        with self._log.open("a") as log:
            log.writelines(self._notes)

    def judge(self, test: str, failure: str | None) -> tuple[str, str]:
        """Return the outcome of a test and what is to be said of it; `failure` is None if it passed."""
        difference = self._expected.get(test)
        if difference is None:
            return ("passed", "") if failure is None else ("failed", failure)
        if failure is None:
            return "failed", f"passes, though listed as different: {difference.reason}"
        if difference.error not in failure:
            return "failed", f"fails otherwise than listed: {failure}"
        return "differs", difference.reason

    def expect(self, test: str) -> Difference | None:
        """Look a test up in the list, and remember what is said of it."""
        for difference in self._differences:
            pattern = difference.covering(test)
            if pattern is not None:
                self._patterns.discard(pattern)
                self._expected[test] = difference
                return difference
        return None

    def _is_inapplicable(self, test: str) -> bool:
        difference = self.expect(test)
        if difference is None or difference.kind != "inapplicable":
            return False
        self._note(test, "inapplicable", difference.reason)
        return True

    def _note(self, test: str, outcome: str, detail: str) -> None:
        self._notes.append(json.dumps({"test": test, "outcome": outcome, "detail": detail}) + "\n")


def _complaint(report: Any) -> str:
    """What a report says went wrong, in one line."""
    crash = getattr(report.longrepr, "reprcrash", None)
    message = crash.message if crash is not None else str(report.longrepr)
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    if crash is None:  # a module that could not be imported, or the reason of a skip
        return lines[-1] if lines else ""
    return " ".join(lines)
