"""`import`: entries of the directory, from LDIF or live, become records in Redis."""
import json
import os
import time
from datetime import datetime, timedelta, timezone

from .errors import OK, SOME, Failed
from .position import applied_until
from .report import Report
from .source import batches_of, source_of


class Checkpoint:
    """How many records of the source are done. Written after each batch; gone when all are."""

    def __init__(self, path, source):
        self._path, self._source, self.done = path, source, 0
        if path and os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                noted = json.load(file)
            if noted.get("source") != source:
                raise Failed(f"{path} is the checkpoint of another import, of {noted.get('source')}: name another file")
            self.done = noted["done"]

    def note(self, done):
        if self._path:
            with open(self._path + ".new", "w", encoding="utf-8") as file:
                json.dump({"source": self._source, "done": done}, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(self._path + ".new", self._path)

    def end(self):
        if self._path and os.path.exists(self._path):
            os.unlink(self._path)


def run_import(settings, store, reader):
    report = Report("import", settings.quiet)
    store.ping()
    since, began = _since(settings), time.time()
    checkpoint = Checkpoint(settings.checkpoint, settings.ldif or settings.ldap)
    if checkpoint.done:
        report.say(f"import: goes on behind {checkpoint.done} records")
    behind = applied_until(store, settings) if settings.update else None
    with source_of(settings, reader, since) as source:
        for batch, done in batches_of(source, reader, report, checkpoint.done):
            _write(batch, behind, settings, store, report)
            checkpoint.note(done)
    checkpoint.end()
    if settings.since_file and not settings.dry_run:
        _note_time(settings.since_file, began)
    report.end()
    return SOME if report.some else OK


def _write(batch, behind, settings, store, report):
    """Writes what was read. A user whose last event the directory may not have yet stays as Redis has it."""
    if settings.dry_run:
        report.count("users read", len(batch))
    else:
        mode = "update" if settings.update else "new"
        verdicts = store.write([(user.subject, user.uid, user.fields, _limit(user, behind)) for user in batch], mode)
        for user, verdict in zip(batch, verdicts):
            if verdict == "behind":
                report.skipped(user.dn, "has an event that the directory may not have yet")
            else:
                report.count(verdict)


def _limit(user, behind):
    """Milliseconds: of events up to then the directory knows."""
    return behind if behind is not None else user.modified or 0


def _since(settings):
    """GeneralizedTime, or '' for all."""
    text = settings.since
    if settings.since_file and os.path.exists(settings.since_file):
        with open(settings.since_file, encoding="ascii") as file:
            text = text or file.read().strip()
    if not text:
        return ""
    try:
        at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise Failed(f"--since takes a time such as 2026-11-30T12:00:00Z, and not {text!r}") from None
    return at.astimezone(timezone.utc).strftime("%Y%m%d%H%M%SZ")


def _note_time(path, began):
    """The next run begins a little earlier than this one did: the clocks of two machines differ."""
    at = datetime.fromtimestamp(began, timezone.utc) - timedelta(seconds=60)
    with open(path + ".new", "w", encoding="ascii") as file:
        file.write(at.strftime("%Y-%m-%dT%H:%M:%SZ") + "\n")
    os.replace(path + ".new", path)
