"""How far the follower has come in the stream of all events."""
import redis.exceptions

from .errors import Failed

ALL = 2**53  # a time that no event has


def stream_key(settings):
    return settings.prefix + settings.stream


def id_of(text):
    """`1795379552240-0` -> (1795379552240, 0)"""
    time, _, number = text.partition("-")
    return int(time), int(number or 0)


def group_of(client, settings):
    """The group's own line of XINFO GROUPS; None: there is no such stream, or group."""
    try:
        groups = client.xinfo_groups(stream_key(settings))
    except redis.exceptions.ResponseError:
        return None
    return next((group for group in groups if group["name"] == settings.group), None)


def applied_until(store, settings):
    """Milliseconds: events up to then are in the directory. None: no follower is known, so that each entry's own time of
    change must say it."""
    if not settings.stream:
        return None
    group = group_of(store.client, settings)
    if group is None:
        raise Failed(f"the stream {stream_key(settings)} has no group {settings.group}: leave --stream out, "
                     "or run `follow` first")
    pending = store.client.xpending(stream_key(settings), settings.group)
    if pending["pending"]:
        return id_of(pending["min"])[0] - 1
    last = store.client.xrevrange(stream_key(settings), count=1)
    if not last or id_of(last[0][0]) <= id_of(group["last-delivered-id"]):
        return ALL
    return id_of(group["last-delivered-id"])[0]
