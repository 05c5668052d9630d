"""Foundry's reset as the tests make it, the records it works on, and the codes of a caller's device."""
import hashlib
import hmac
import json
import struct
import time

from .http1 import compose

SECRET = b"12345678901234567890"
LOCATION = r"location ~* ^/users/2fa/reset(\.[a-z]+|/)?$ { mfa_reset foundry; %s }"
_DEVICE = json.dumps([{"uuid": "d569bb53", "sharedSecret": SECRET.hex(), "deviceName": "OATH Device",
                       "lastLogin": 0, "counter": 0, "clockDriftSeconds": 0}])
_STEP = 30  # seconds


def code_of(step):
    digest = hmac.new(SECRET, struct.pack(">Q", step), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 1000000:06d}"


def code(ahead=0):
    """The code of now, or of a number of steps later."""
    return code_of(int(time.time()) // _STEP + ahead)


def wrong_code():
    near = {code(step) for step in range(-3, 4)}
    return next(text for text in (f"{number:06d}" for number in range(10)) if text not in near)


def put(user, with_code, session="session-of-1", more=(("Expect", "100-continue"),)):
    body = json.dumps({"targetUserId": user, "callerCode": with_code}).encode()
    return compose("PUT", "/users/2fa/reset", (("Content-Type", "application/json"), ("X-ss-id", session), *more), body)


def error_code(answer):
    return json.loads(answer.body)["responseStatus"]["errorCode"]


class People:
    """Callers with a session and a device each, and one user to be reset, all outside of organisations."""

    def __init__(self, redis):
        self.redis = redis

    async def seed(self, callers=1):
        commands = [("HSET", "mfa:{/foundry/u-42}", "uid", "u-42", "oath2faEnabled", "2")]
        for number in range(1, callers + 1):
            session = {"userAuthId": str(number), "roles": ["Admin"], "isAuthenticated": True}
            commands += [("SET", f"urn:iauthsession:session-of-{number}", json.dumps(session)),
                         ("HSET", f"mfa:{{/foundry/{number}}}", "uid", str(number), "oathDeviceProfiles", _DEVICE)]
        await self.redis.pipeline(commands)
        return self

    async def field(self, name, caller=1):
        value = await self.redis.call("HGET", f"mfa:{{/foundry/{caller}}}", f"callerCode:{name}")
        return None if value is None else int(value)

    async def events(self):
        return await self.redis.call("XLEN", "mfa:{/foundry/u-42}:events")
