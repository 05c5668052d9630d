"""A private redis-server on a unix socket, and a connection to it."""
import signal
import socket

from .processes import Child, Failure, until


class RedisError(Exception):
    """An error reply."""


def encode(words):
    parts = [b"*%d\r\n" % len(words)]
    for word in words:
        data = word if isinstance(word, bytes) else str(word).encode()
        parts.append(b"$%d\r\n%s\r\n" % (len(data), data))
    return b"".join(parts)


class Connection:
    def __init__(self, path, timeout=60):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(timeout)
        self._socket.connect(str(path))
        self._file = self._socket.makefile("rb")

    def close(self):
        self._file.close()
        self._socket.close()

    def send(self, *words):
        self._socket.sendall(encode(words))

    def receive(self):
        line = self._file.readline()
        if not line.endswith(b"\r\n"):
            raise Failure("Redis has closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"-":
            raise RedisError(rest.decode())
        if kind == b"+":
            return rest
        if kind == b":":
            return int(rest)
        count = int(rest)
        if count < 0:
            return None
        if kind == b"$":
            return self._file.read(count + 2)[:-2]
        return [self.receive() for _ in range(count)]

    def call(self, *words):
        self.send(*words)
        return self.receive()


class Redis:
    """The server, the same for all systems: as docs/how-to/redis.md recommends, but nothing is written to disk."""

    def __init__(self, folder):
        self.socket = folder / "redis.sock"
        self._log = folder / "redis.log"
        self._folder = folder
        self.connection = self._child = None

    def __enter__(self):
        self._child = Child(
            ["redis-server", "--port", 0, "--unixsocket", self.socket, "--unixsocketperm", 770, "--dir", self._folder,
             "--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction",
             "--stream-node-max-bytes", 1024], self._log)
        try:
            self.connection = until(self._connected, 10, "redis-server starts")
        except BaseException:
            self._child.stop()
            raise
        return self

    def __exit__(self, *_):
        self.connection.close()
        self._child.stop(signal.SIGKILL)  # there is nothing to save, and much to free one by one

    def _connected(self):
        self._child.check()
        try:
            connection = Connection(self.socket)
            return connection if connection.call("PING") == b"PONG" else None
        except (OSError, RedisError):
            return None

    @property
    def pid(self):
        return self._child.pid

    def call(self, *words):
        return self.connection.call(*words)

    def info(self, section):
        text = self.call("INFO", section).decode()
        return dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
