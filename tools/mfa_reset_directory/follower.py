"""`follow`: events of the stream go to the directory, in their order, each at least once.

    stand by ──lease──▶ read what was begun ──▶ read what is new ──▶ apply ──▶ acknowledge ─┐
       ▲                        ▲                     ▲                                     │
       └──────── lease lost ────┴── Redis was away ───┴─────────────────────────────────────┘
"""
import signal
import time

import ldap
import redis.exceptions

from .applying import Applier, Unusable
from .comparer import compare
from .directory import DOWN, TIMEOUT, Directory, error_text
from .errors import OK, Failed
from .lease import Lease, Lost
from .metrics import Metrics
from .position import group_of, id_of, stream_key
from .report import Report
from .store import BUSY

COUNT = 100     # events in one reading
BLOCK = 1.0     # seconds to wait for new ones
CONSUMER = "follower"  # one name for all: who holds the lease goes on with what another began


class Follower:
    def __init__(self, settings, store, reader):
        self._settings, self._store, self._reader = settings, store, reader
        self._client, self._key = store.client, stream_key(settings)
        self._dead = f"{self._key}:{settings.group}:dead"
        timeout = min(TIMEOUT, settings.lease / 3)  # a write to the directory ends before the lease does
        self._directory = Directory(settings, reader, timeout)
        self._lease = Lease(store, f"{self._key}:{settings.group}:lease", settings.lease)
        self._applier = Applier(self._directory, settings.clock_skew, lambda: self._lease.check(timeout))
        self._metrics = Metrics(settings.metrics_file)
        self._report = Report("follow", quiet=True)
        self._tries = {}  # by event, in this process
        self._ending = False

    def run(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: setattr(self, "_ending", True))
        while not self._ending:
            try:
                self._prepare()
                self._work()
            except redis.exceptions.AuthenticationError:
                raise  # is one of BUSY, and does not pass by itself
            except BUSY as error:
                self._report.say(f"follow: Redis: {error}; trying again")
                self._pause()
            except Lost:
                self._report.say("follow: another follower has taken over; standing by")
        try:
            self._lease.give()
        except redis.exceptions.RedisError:
            pass  # it ends by itself
        self._metrics.set("up", 0)
        self._metrics.write()
        self._report.end()
        return OK

    def _prepare(self):
        self._store.ping()  # waits here if Redis is down: the service may start before it
        if group_of(self._client, self._settings) is None:
            self._client.xgroup_create(self._key, self._settings.group, id="0", mkstream=True)
            self._report.say(f"follow: the group {self._settings.group} begins with the oldest event of {self._key}")

    def _work(self):
        """Works while the lease is held; returns when the program ends."""
        while not self._ending and not self._lease.take():
            self._metrics.set("up", 0)
            self._metrics.write()
            self._pause()
        if self._ending:
            return
        self._check_gap()
        self._metrics.set("up", 1)
        begun = True  # first what was read before and not acknowledged
        while not self._ending:
            if not self._lease.take():
                raise Lost
            start = "0" if begun else ">"
            block = None if begun else int(min(BLOCK, self._settings.lease / 4) * 1000)
            found = self._client.xreadgroup(self._settings.group, CONSUMER, {self._key: start}, COUNT, block)
            events = found[0][1] if found else []
            begun = begun and bool(events)
            for event_id, event in events:
                if self._ending:
                    return
                self._handle(event_id, event)
            self._show_lag(events)

    def _check_gap(self):
        """Entries that were cut from the stream before they were applied are resets that the directory never saw."""
        group = group_of(self._client, self._settings)
        last = group["last-delivered-id"]
        lost = last != "0-0" and not self._client.xrange(self._key, last, last)
        for pending in self._client.xpending_range(self._key, self._settings.group, "-", "+", 100000):
            lost = lost or not self._client.xrange(self._key, pending["message_id"], pending["message_id"])
        if not lost:
            return
        self._metrics.count("gaps_total")
        self._metrics.write()
        self._report.say(f"follow: {self._key} no longer has the entry {last} or one that was begun: events were lost")
        if self._settings.after_gap != "compare":
            raise Failed("events were lost: the two sides may differ. Run `follow --after-gap compare` once: it lists the "
                         "users that differ, and goes on with the events that are there")
        compare(self._settings, self._store, self._reader, self._report)
        self._settings.after_gap = None

    def _handle(self, event_id, event):
        if not event:  # cut from the stream while it was pending
            self._metrics.count("gaps_total")
            self._report.say(f"follow: the event {event_id} was cut from the stream before it was applied")
            self._client.xack(self._key, self._settings.group, event_id)
            return
        delay = 0.2
        while not self._ending:
            try:
                outcome = self._applier.apply(event_id, event)
                break
            except DOWN as error:
                self._directory_down(error)
                delay = self._wait(delay)
            except (Unusable, Failed, ldap.LDAPError) as error:
                if self._give_up(event_id, event, error):
                    return
                delay = self._wait(delay)
        else:
            return
        self._directory_up()
        for note in outcome.notes:
            self._report.say(f"follow: {event_id} {event.get('action')} of {event.get('target')}: {note}")
        self._client.xack(self._key, self._settings.group, event_id)
        self._metrics.count("events_total", action=event.get("action", ""), outcome=outcome.done)
        self._report.count(outcome.done)

    def _give_up(self, event_id, event, error):
        """Whether the event went to the dead letters: it is of no use, or was tried often enough."""
        self._directory.reset()
        pending = self._client.xpending_range(self._key, self._settings.group, event_id, event_id, 1)
        tries = self._tries[event_id] = self._tries.get(event_id, 0) + 1
        delivered = pending[0]["times_delivered"] if pending else 1
        text = error_text(error) if isinstance(error, ldap.LDAPError) else str(error)
        self._report.say(f"follow: {event_id} {event.get('action')} of {event.get('target')}: {text}")
        if not isinstance(error, Unusable) and max(tries, delivered) < self._settings.tries:
            return False
        with self._client.pipeline(transaction=True) as both:
            both.xadd(self._dead, {**event, "id": event_id, "why": text}, maxlen=10000, approximate=True)
            both.xack(self._key, self._settings.group, event_id)
            both.execute()
        self._tries.pop(event_id)
        self._metrics.count("dead_letters_total")
        self._metrics.count("events_total", action=event.get("action", ""), outcome="dead letter")
        self._report.say(f"follow: {event_id} went to {self._dead}")
        return True

    def _directory_down(self, error):
        self._directory.reset()
        if self._metrics.get("directory_up"):
            self._report.say(f"follow: the directory is down: {error_text(error)}")
        self._metrics.set("directory_up", 0)
        self._show_lag([])

    def _directory_up(self):
        if not self._metrics.get("directory_up"):
            self._report.say("follow: the directory is up again")
        self._metrics.set("directory_up", 1)

    def _wait(self, delay):
        """Waits; keeps the lease meanwhile. Returns the next delay."""
        until = time.monotonic() + delay
        while not self._ending and time.monotonic() < until:
            if not self._lease.take():
                raise Lost
            time.sleep(min(0.2, self._settings.lease / 4))
        return min(delay * 2, 5.0)

    def _pause(self):
        until = time.monotonic() + min(1.0, self._settings.lease / 4)
        while not self._ending and time.monotonic() < until:
            time.sleep(0.05)

    def _show_lag(self, events):
        """The age of the oldest event that is not acknowledged."""
        pending = self._client.xpending(self._key, self._settings.group)
        oldest = pending["min"] if pending["pending"] else None
        if oldest is None:
            group = group_of(self._client, self._settings)
            after = self._client.xrange(self._key, "(" + group["last-delivered-id"], "+", 1)
            oldest = after[0][0] if after else None
        lag = max(0.0, time.time() - id_of(oldest)[0] / 1000) if oldest else 0
        self._metrics.set("lag_seconds", round(lag, 3))
        self._metrics.write()


def run_follow(settings, store, reader):
    if not settings.stream:
        raise Failed("follow needs --stream, the name that mfa_reset_events_stream has in nginx.conf")
    if store.is_cluster:
        raise Failed("a cluster has no stream of all events (mfa_reset_events_stream)")
    return Follower(settings, store, reader).run()
