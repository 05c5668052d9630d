"""Unused TCP ports.

They are taken from below the range of outgoing connections: a port out of that range could go to
some client while the server that owns it is being started again.
"""
import random
import socket

_FIRST, _LAST = 10000, 30000
_given = set()


def free_port():
    for _ in range(1000):
        port = random.randint(_FIRST, _LAST)
        if port not in _given and _is_free(port):
            _given.add(port)
            return port
    raise RuntimeError(f"no free TCP port between {_FIRST} and {_LAST}")


def _is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
