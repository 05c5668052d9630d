"""One HTTP request at a time, byte for byte."""
import socket


class Answer:
    """`headers` are sorted, and their names in lower case: order and case mean nothing, and are not always
    the application's to choose. The value of Date is left out."""

    def __init__(self, head, body):
        status_line, *headers = head.decode("latin-1").split("\r\n")
        self.status_line, self.body = status_line, body
        self.status = int(status_line.split()[1])
        self.headers = sorted(_comparable(*header.split(":", 1)) for header in headers)
        self.size = len(head) + 4 + len(body)

    def __eq__(self, other):
        return (self.status_line, self.headers, self.body, self.size) == (
            other.status_line, other.headers, other.body, other.size)

    def __str__(self):
        return "\n".join((self.status_line, *self.headers, "", repr(self.body)))


def _comparable(name, value):
    return f"{name.lower()}:{'' if name.lower() == 'date' else value}"


class Connection:
    def __init__(self, port):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._left = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def ask(self, text):
        self._socket.sendall(text.encode() if isinstance(text, str) else text)
        head = self._until(b"\r\n\r\n")
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n")
                       if line.lower().startswith(b"content-length:")), None)
        if length is None:
            raise ValueError(f"an answer without a length: {head!r}")
        while len(self._left) < length:
            self._more()
        body, self._left = self._left[:length], self._left[length:]
        return Answer(head, body)

    def _until(self, mark):
        while mark not in self._left:
            self._more()
        head, self._left = self._left.split(mark, 1)
        return head

    def _more(self):
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionError("the connection was closed")
        self._left += data
