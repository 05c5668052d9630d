"""`compare`: both sides are read, and each user that differs is listed: which fields, never their values."""
import sqlite3
from contextlib import closing

from .errors import OK, SOME
from .profiles import FACTORS, WITH_FLAG, canonical, field_of, flag_of, from_array
from .report import Report
from .source import BATCH, batches_of, source_of
from .subjects import names_of


def run_compare(settings, store, reader):
    report = Report("compare", settings.quiet)
    store.ping()
    compare(settings, store, reader, report)
    report.end()
    return SOME if report.some else OK


def compare(settings, store, reader, report):
    # Which users the directory has is kept on disk: memory stays as it is, however many they are.
    with closing(sqlite3.connect("")) as seen:
        seen.execute("CREATE TABLE seen (subject TEXT PRIMARY KEY) WITHOUT ROWID")
        with source_of(settings, reader) as source:
            for batch, _ in batches_of(source, reader, report):
                _judge(batch, store, seen, report)
        _only_in_redis(settings, store, seen, report)


def _judge(batch, store, seen, report):
    for user, record in zip(batch, store.read([user.subject for user in batch])):
        seen.execute("INSERT OR IGNORE INTO seen VALUES (?)", (user.subject,))
        if record["uid"] is None:
            report.differs(f"{user.subject}: only in the directory")
            report.count("only in the directory")
            continue
        fields = differences(user, record)
        report.count("different" if fields else "the same")
        if fields:
            report.differs(f"{user.subject}: {', '.join(fields)}")


def differences(user, record):
    """The names of the fields that differ. An absent flag is 0, and the order of devices means nothing."""
    fields = []
    for factor in FACTORS:
        name = field_of(factor)
        try:
            stored = from_array(record[name]) if record[name] else []
        except ValueError:
            fields.append(name)
            continue
        if sorted(map(canonical, stored)) != sorted(map(canonical, user.values[factor])):
            fields.append(name)
    for factor in WITH_FLAG:
        name = flag_of(factor)
        if (record[name] or "0") != user.fields.get(name, "0"):
            fields.append(name)
    return fields


def _only_in_redis(settings, store, seen, report):
    """Users of the realms that were compared who have a record and no entry."""
    realms = {tuple(part for part in realm.split("/") if part) for _, realm in settings.realms}
    folded = {tuple(part.lower() for part in realm) for realm in realms}
    batch = []

    def judge():
        for subject, record in zip(batch, store.read(batch)):
            if record["uid"] is not None:
                report.differs(f"{subject}: only in Redis")
                report.count("only in Redis")
        batch.clear()

    for subject in store.subjects():
        names = names_of(subject)
        if names is None or tuple(part.lower() for part in names[0]) not in folded:
            continue
        if seen.execute("INSERT OR IGNORE INTO seen VALUES (?)", (subject,)).rowcount:
            batch.append(subject)
        if len(batch) == BATCH:
            judge()
    judge()
