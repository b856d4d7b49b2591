"""Errors that make a run meaningless, and the exit code of each.

GateError
├── UsageError       the call is wrong, or there is nothing to judge   exit 2
├── DocumentError    a file cannot be read, and where                  exit 2, or a finding
│   └── PolicyError  the policy is wrong, and where                    exit 2
├── RegistryError    a registry did not answer, or lied                caught in pipeline
├── ClusterError     an API server did not answer, or not as asked     exit 3
├── TrustRootError   the trusted root cannot be had or is not the one  exit 3
└── SigningError     the pass could not be signed or stored            exit 3

What is wrong with one image or one object is never raised out of a run: it is an
Outcome. Each error has a code, one cause and one next step, and a place where it has one.
"""

from __future__ import annotations

from typing import ClassVar

from gate.model.location import Location


class GateError(Exception):
    """Base of every error that gate raises on purpose."""

    exit_code: ClassVar[int] = 3

    def __init__(
        self, code: str, problem: str, *, remedy: str, location: Location | None = None
    ) -> None:
        """Take a stable kebab-case code, the cause, the next step, and the place."""
        super().__init__(problem)
        self.code = code
        self.problem = problem
        self.remedy = remedy
        self.location = location

    def __str__(self) -> str:
        """Return `place: problem [code]`."""
        place = f"{self.location}: " if self.location else ""
        return f"{place}{self.problem} [{self.code}]"


class UsageError(GateError):
    """The call is wrong, or there is nothing to judge."""

    exit_code = 2


class DocumentError(GateError):
    """A text file cannot be read, and where."""

    exit_code = 2


class PolicyError(DocumentError):
    """The policy asks for something that it cannot ask for, and where."""


class RegistryError(GateError):
    """A registry did not answer, or answered with bytes that do not match."""


class ClusterError(GateError):
    """An API server did not answer, or not with what was asked."""


class TrustRootError(GateError):
    """The trusted root is missing, too old, or not the one that the policy pins."""


class SigningError(GateError):
    """The pass could not be signed or stored."""
