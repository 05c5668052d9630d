"""Certificates made for one test by the program openssl, as files that redis-server and nginx read."""
import os
import subprocess

_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def _openssl(*words):
    done = subprocess.run(["openssl", *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30,
                          check=False)
    assert done.returncode == 0, f"openssl {' '.join(words)}: {done.stderr}"


class Pair:
    """A certificate and its key."""

    def __init__(self, folder, name):
        self.certificate = os.path.join(folder, f"{name}.crt")
        self.key = os.path.join(folder, f"{name}.key")

    def readable(self):
        """Also the key: the tests may start servers as another user."""
        os.chmod(self.key, 0o644)
        return self


class Authority(Pair):
    """Signs certificates, and is what has to be trusted."""

    def __init__(self, folder, name="ca", above=None):
        super().__init__(folder, name)
        self._folder = folder
        if above is None:
            _openssl("req", "-x509", *_KEY, "-keyout", self.key, "-out", self.certificate, "-subj", f"/CN={name}",
                     "-days", "2", "-addext", "keyUsage=critical,keyCertSign")
        else:
            above.sign(self, name, "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign", 2)

    def sign(self, pair, subject, extensions, days):
        request, more = pair.certificate + ".csr", pair.certificate + ".ext"
        with open(more, "w", encoding="ascii") as file:
            file.write(extensions + "\n")
        _openssl("req", "-new", *_KEY, "-keyout", pair.key, "-out", request, "-subj", f"/CN={subject}")
        _openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial",
                 "-days", str(days), "-extfile", more, "-out", pair.certificate)

    def issue(self, name, hosts="DNS:redis.test,IP:127.0.0.1", days=2, usage="serverAuth", subject=None):
        """For a server, or with `usage` clientAuth for a client; with days=-1 one that has expired."""
        pair = Pair(self._folder, name)
        self.sign(pair, subject or name, f"subjectAltName={hosts}\nextendedKeyUsage={usage}", days)
        return pair.readable()


def self_signed(folder, name, hosts="DNS:redis.test,IP:127.0.0.1"):
    pair = Pair(folder, name)
    _openssl("req", "-x509", *_KEY, "-keyout", pair.key, "-out", pair.certificate, "-subj", f"/CN={name}",
             "-days", "2", "-addext", f"subjectAltName={hosts}")
    return pair.readable()


def chained(first, *more):
    """`first` with the certificates of those above it in one file, as a server sends them."""
    pair = Pair(os.path.dirname(first.certificate), "chained")
    pair.key = first.key
    with open(pair.certificate, "wb") as file:
        for each in (first, *more):
            with open(each.certificate, "rb") as part:
                file.write(part.read())
    return pair
