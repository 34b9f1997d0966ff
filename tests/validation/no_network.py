"""Imported first in a process, this makes every attempt to reach a network end it and be known."""

import os
import sys

# Not `socket.bind`: urllib3, which Great Expectations imports, asks that way whether there is IPv6.
_REACHING = {
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
    "socket.sendto",
    "socket.sendmsg",
}


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if event in _REACHING:
        print(f"network: {event} {arguments[1:]!r}", file=sys.__stderr__, flush=True)
        os._exit(97)


sys.addaudithook(_hear)
