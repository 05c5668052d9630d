"""What was done at the edge, done to the entry in the directory. All of it may be done again without harm: the follower
repeats an event if it does not know whether the directory has it."""
from dataclasses import dataclass

import ldap

from .entries import Reader
from .position import id_of
from .profiles import FACTORS, FLAGS, WITH_FLAG, created, field_of, flag_of, is_jwe, parse, renamed
from .subjects import names_of


class Unusable(Exception):
    """The event cannot be applied, however often. The text says why, without a value."""


@dataclass
class Outcome:
    done: str  # applied, nothing, no entry, ignored
    notes: list  # for the operator: what could not be done


def factors_of(event):
    if event.get("factor") == "all":
        return FACTORS
    if event.get("factor") in FACTORS:
        return (event["factor"],)
    raise Unusable(f"has the factor {event.get('factor')!r}")


def asks_for_something(event):
    """An order that AM did itself, and a challenge of OAA's, change nothing in the directory."""
    return event.get("action") != "forwarded" and not event.get("factor", "").startswith("Challenge")


class Applier:
    """Applies events to a Directory. `before_write` is called before each write, and may raise."""

    def __init__(self, directory, skew, before_write):
        self._directory = directory
        self._reader: Reader = directory.reader
        self._skew = int(skew * 1000)
        self._before_write = before_write

    def apply(self, event_id, event):
        if not asks_for_something(event):
            return Outcome("ignored", [])
        actions = {"reset": self._reset, "delete": self._delete, "rename": self._rename, "skip": self._skip}
        action = actions.get(event.get("action"))
        if action is None:
            raise Unusable(f"has the action {event.get('action')!r}")
        names = names_of(event.get("target", ""))
        if names is None:
            raise Unusable("names no user")
        factors = factors_of(event)
        user = self._directory.find(names[0], names[1], event["target"])
        if user is None:
            return Outcome("no entry", [])
        notes = []
        changes = [change for factor in factors for change in action(user, factor, event_id, event, notes)]
        if not changes:
            return Outcome("nothing", notes)
        self._before_write()
        self._directory.change(user.dn, changes)
        return Outcome("applied", notes)

    def _attribute(self, name):
        return self._reader.attributes[name]

    # Each returns changes for ldap.modify. Values are deleted one by one: what is added meanwhile stays.

    def _reset(self, user, factor, event_id, event, notes):
        """All values that were there when the reset was made, and the flag."""
        at = id_of(event_id)[0]
        # Nothing was enrolled since, whatever its value says of itself.
        untouched = user.modified is not None and user.modified + 1000 + self._skew <= at
        gone, newer, unsure = [], 0, 0
        for text in user.values[factor]:
            date = None if is_jwe(text) else created(parse(text))
            if untouched or date is not None and date <= at:
                gone.append(text.encode())
            elif date is None or date <= at + self._skew:
                unsure += 1
            else:
                newer += 1
        if unsure:
            notes.append(f"{unsure} values of {self._attribute(field_of(factor))} stay: "
                         "whether they are older than the reset cannot be known")
        changes = [(ldap.MOD_DELETE, self._attribute(field_of(factor)), gone)] if gone else []
        if factor in WITH_FLAG and not newer and not unsure and user.fields.get(flag_of(factor), "0") != "0":
            changes.append((ldap.MOD_REPLACE, self._attribute(flag_of(factor)), [b"0"]))
        return changes

    def _device(self, user, factor, event, notes):
        """The text of the one value whose uuid the event names; None: it is not there."""
        if not event.get("device"):
            raise Unusable("names no device")
        for text in user.values[factor]:
            if not is_jwe(text) and parse(text).get("uuid") == event["device"]:
                return text
        if any(map(is_jwe, user.values[factor])):
            notes.append(f"the device is not among the readable values of {self._attribute(field_of(factor))}; "
                         "some are encrypted")
        return None

    def _delete(self, user, factor, event_id, event, notes):
        text = self._device(user, factor, event, notes)
        if text is None:
            return []
        changes = [(ldap.MOD_DELETE, self._attribute(field_of(factor)), [text.encode()])]
        # AM sets it back after a deletion of an OATH device (contract am_devices.md, "Delete one").
        if factor == "oath" and user.fields.get(flag_of(factor), "0") != "0":
            changes.append((ldap.MOD_REPLACE, self._attribute(flag_of(factor)), [b"0"]))
        return changes

    def _rename(self, user, factor, event_id, event, notes):
        text = self._device(user, factor, event, notes)
        if text is None or event.get("name") is None:
            return []
        new = renamed(text, event["name"])
        if new == text:
            return []
        name = self._attribute(field_of(factor))
        return [(ldap.MOD_DELETE, name, [text.encode()]), (ldap.MOD_ADD, name, [new.encode()])]

    def _skip(self, user, factor, event_id, event, notes):
        if factor not in WITH_FLAG or event.get("value") not in FLAGS:
            raise Unusable("has no value of a skip setting")
        if user.fields.get(flag_of(factor), "0") == event["value"]:
            return []
        return [(ldap.MOD_REPLACE, self._attribute(flag_of(factor)), [event["value"].encode()])]
