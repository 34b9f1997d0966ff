"""Imported first in a process, this makes every attempt to reach a network end it and be known.

What Python asks for is heard by an audit hook, which names it (exit code 97); what compiled code
asks for by a filter of the kernel, which kills the process (SIGSYS).
"""

import ctypes
import os
import platform
import socket
import sys

# Asks, when it is imported, whether there is IPv6. Great Expectations imports it.
import urllib3.util.connection  # noqa: F401

_REACHING = {
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
    "socket.sendto",
    "socket.sendmsg",
}

# prctl(2), seccomp(2), bpf(2)
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER_MODE = 38, 22, 2
_LOAD, _IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_KILL, _ALLOW = 0x80000000, 0x7FFF0000
_NUMBER_AT, _FIRST_ARGUMENT_AT = 0, 16
_SOCKET_CALL = {"x86_64": 41, "aarch64": 198}


class _Step(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step)))


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if event in _REACHING:
        print(f"network: {event} {arguments[1:]!r}", file=sys.__stderr__, flush=True)
        os._exit(97)


def _refuse_sockets() -> None:
    """Have the kernel kill this process when it makes a socket for a network."""
    steps = [
        (_LOAD, 0, 0, _NUMBER_AT),
        (_IF_EQUAL, 0, 3, _SOCKET_CALL[platform.machine()]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT_AT),
        (_IF_EQUAL, 2, 0, socket.AF_INET),
        (_IF_EQUAL, 1, 0, socket.AF_INET6),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _KILL),
    ]
    program = _Program(len(steps), (_Step * len(steps))(*(_Step(*step) for step in steps)))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    if prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or prctl(
        _SET_SECCOMP, _FILTER_MODE, ctypes.byref(program), 0, 0
    ):
        raise OSError(ctypes.get_errno(), "the kernel takes no filter of system calls")


sys.addaudithook(_hear)
_refuse_sockets()
