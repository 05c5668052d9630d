"""One follower works, others stand by: a key in Redis that its owner renews, and nobody else takes while it lives."""
import secrets
import time

_TAKE = """
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then
    return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
_GIVE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class Lost(Exception):
    """Another follower may be at work: nothing may be written to the directory."""


class Lease:
    def __init__(self, store, key, seconds):
        self._key, self._seconds = key, seconds
        self._take, self._give = store.script(_TAKE), store.script(_GIVE)
        self._me = secrets.token_hex(16)
        self._until = 0.0  # by our clock; never later than Redis's own end of the key

    def take(self):
        """Takes or renews it. False: another follower has it."""
        began = time.monotonic()
        held = bool(self._take(keys=[self._key], args=[self._me, int(self._seconds * 1000)]))
        self._until = began + self._seconds if held else 0.0
        return held

    def check(self, needed):
        """Before a write to the directory: it is ours, and for `needed` more seconds. Lost: it is not."""
        if not self.take() or self._until - time.monotonic() < needed:
            self._until = 0.0
            raise Lost

    def give(self):
        """Another may begin at once."""
        self._until = 0.0
        self._give(keys=[self._key], args=[self._me])
