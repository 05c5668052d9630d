"""How a user becomes a key in Redis, and back. The rules are the module's: docs/reference/redis-schema.md, "Names"."""
import re
import urllib.parse

_SPECIAL = re.compile(rb"[^A-Za-z0-9._~@+-]")
_UPPER = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
MOST_BYTES = 1024  # of a subject, as the module reads it


def fold(name, case):
    """ASCII capitals become small if `case` is `ascii`. No other letter is changed."""
    return name.translate(_UPPER) if case == "ascii" else name


def encode(name):
    """Percent-encodes every byte that a key must not have, in upper-case hex."""
    return _SPECIAL.sub(lambda byte: b"%%%02X" % byte[0][0], name.encode()).decode("ascii")


def is_name(name):
    """Whether a user or a part of a realm may be called so."""
    return name not in ("", ".", "..") and "\0" not in name


def subject_of(realm, user, case):
    """`/alpha` and `Demo` -> `/alpha/demo`. `realm` is a path of plain names; None if a name cannot be one."""
    names = [part for part in realm.split("/") if part] + [user]
    if not all(is_name(name) for name in names):
        return None
    subject = "".join("/" + encode(fold(name, case)) for name in names)
    return subject if len(subject) <= MOST_BYTES else None


def names_of(subject):
    """`/alpha/demo` -> (`/alpha`, `demo`), decoded, as a list of realm parts and the user. None: it is no subject."""
    if not subject.startswith("/") or len(subject) > MOST_BYTES:
        return None
    try:
        names = [urllib.parse.unquote(part, errors="strict") for part in subject[1:].split("/")]
    except UnicodeDecodeError:
        return None
    return (names[:-1], names[-1]) if all(is_name(name) for name in names) else None


def record_key(prefix, subject):
    return f"{prefix}{{{subject}}}"


def subject_in(prefix, key):
    """The subject in the key of a record; None if `key` is not the key of one."""
    if key.startswith(prefix + "{/") and key.endswith("}"):
        return key[len(prefix) + 1:-1]
    return None
