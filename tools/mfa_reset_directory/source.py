"""Where entries come from, and the users among them: the one loop of import and compare."""
import sys
from contextlib import contextmanager

from .directory import Directory
from .entries import Skipped
from .ldif_source import LdifSource

BATCH = 500  # users in one pipeline


@contextmanager
def source_of(settings, reader, since=""):
    """The records of the file or of the directory, one after the other; `since`: see Directory.entries()."""
    if settings.ldif == "-":
        yield LdifSource(sys.stdin.buffer)
    elif settings.ldif:
        with open(settings.ldif, "rb") as file:
            yield LdifSource(file)
    else:
        directory = Directory(settings, reader)
        yield directory.entries(since)
        directory.reset()


def batches_of(source, reader, report, done=0):
    """Lists of at most BATCH users, each with the number of records that are read by then. The first `done` records are
    passed over. What cannot be taken is reported."""
    batch, count = [], 0
    for count, record in enumerate(source, 1):
        if count <= done:
            continue
        user = record if isinstance(record, Skipped) else reader.user_of(record)
        if user is None:
            report.count("other entries")
        elif isinstance(user, Skipped):
            report.skipped(user.dn, user.reason)
        else:
            for wrong in user.wrong:
                report.skipped(user.dn, wrong)
            batch.append(user)
        if len(batch) == BATCH:
            yield batch, count
            batch = []
    yield batch, count
