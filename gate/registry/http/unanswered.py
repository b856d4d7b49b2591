"""Why a host gave no answer: a broken connection, a time that ran out, TLS that is not trusted."""

from __future__ import annotations

import ssl
from typing import Final

import httpcore
import httpx

from gate.errors import RegistryError
from gate.registry.codes import Code
from gate.registry.http.locations import authority
from gate.registry.wire import quote

_TIMEOUTS: Final = (httpcore.TimeoutException, httpx.TimeoutException, TimeoutError)


class UnansweredError(Exception):
    """A try that gave no answer; another may."""

    def __init__(self, code: Code, problem: str) -> None:
        """Take the code, and the problem as the end of a sentence."""
        super().__init__(problem)
        self._code = code
        self._problem = problem

    def final(self, host: str) -> RegistryError:
        """Return the error of a host that is not asked again."""
        return RegistryError(
            self._code,
            f"{quote(host)} cannot be asked: {self._problem}",
            remedy="Check that the registry is up and can be reached from here, and run again.",
        )


def unanswered(url: httpx.URL, error: Exception) -> UnansweredError | RegistryError:
    """Return what an exception of the connection means: whatever a library raises is no answer."""
    if isinstance(error, _TIMEOUTS):
        return UnansweredError(Code.TIMEOUT, "it did not answer in time")
    if (broken := _tls_error(error)) is not None:
        return _untrusted(url, broken)
    return UnansweredError(Code.UNREACHABLE, f"the connection failed ({type(error).__name__})")


def _tls_error(error: BaseException) -> ssl.SSLError | None:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return None if isinstance(seen, ssl.SSLEOFError | ssl.SSLZeroReturnError) else seen
        seen = seen.__cause__ or seen.__context__
    return None


def _untrusted(url: httpx.URL, error: ssl.SSLError) -> RegistryError:
    """Return what is wrong with the registry's TLS: its certificate, or that it has none."""
    host = quote(authority(url))
    if error.reason == "WRONG_VERSION_NUMBER":  # what OpenSSL says of an answer in plain http
        return RegistryError(
            Code.TLS_FAILED,
            f"{host} does not speak https",
            remedy=f"If it is meant to speak plain http, say so with --plain-http {host}.",
        )
    return RegistryError(
        Code.TLS_FAILED,
        f"{host} has no certificate that is trusted for it",
        remedy="Name its certificate authority as `ca-file` in the file of --registries, or repair "
        "the server.",
    )
