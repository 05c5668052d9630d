"""From an entry of the directory to a user's record."""
import re
from dataclasses import dataclass, field
from datetime import datetime, timezone

import ldap.dn

from .profiles import FACTORS, FLAGS, WITH_FLAG, field_of, flag_of, read_value, to_array
from .subjects import subject_of

MODIFIED = "modifytimestamp"
_TIME = re.compile(rb"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:[.,]\d+)?Z")


@dataclass
class Entry:
    dn: str
    attributes: dict  # names in lower case, without options; lists of bytes


@dataclass
class Skipped:
    dn: str
    reason: str


@dataclass
class User:
    dn: str
    subject: str
    uid: str
    fields: dict
    modified: int | None  # milliseconds since 1970
    values: dict  # by factor, the texts
    wrong: list = field(default_factory=list)  # what of it could not be taken; never a value


def normal_dn(dn):
    """Comparable parts of a DN, from the root on. ValueError: it is none."""
    try:
        return tuple(tuple(sorted((name.lower(), value.lower()) for name, value, _ in rdn))
                     for rdn in reversed(ldap.dn.str2dn(dn)))
    except ldap.DECODING_ERROR:
        raise ValueError("is no DN") from None


def milliseconds(value):
    """Of a GeneralizedTime in UTC; None if it is none."""
    match = _TIME.fullmatch(value)
    if not match:
        return None
    parts = [int(part or 0) for part in match.groups()]
    try:
        return int(datetime(*parts, tzinfo=timezone.utc).timestamp()) * 1000
    except ValueError:
        return None


class Reader:
    """What of the directory is a user, and which: base DNs and their realms, names of attributes."""

    def __init__(self, settings):
        """`settings`: realms ((base DN, realm) pairs), user_attribute, attributes (by field), subject_case."""
        self.case = settings.subject_case
        self.user_attribute = settings.user_attribute.lower()
        self.attributes = {name: attribute.lower() for name, attribute in settings.attributes.items()}
        # The longest base counts.
        self.bases = sorted(((normal_dn(base), realm) for base, realm in settings.realms), key=lambda it: -len(it[0]))

    def wanted(self):
        """The attributes to ask a server for."""
        return [self.user_attribute, *self.attributes.values(), "modifyTimestamp"]

    def user_of(self, entry):
        """A User; a Skipped; None if the entry is no user, such as a container."""
        names = entry.attributes.get(self.user_attribute)
        has_devices = any(attribute in entry.attributes for attribute in self.attributes.values())
        if not names:
            return Skipped(entry.dn, f"has devices and no {self.user_attribute}") if has_devices else None
        try:
            dn = normal_dn(entry.dn)
            uid = self._name(dn, [name.decode("utf-8") for name in names])
        except ValueError:
            return Skipped(entry.dn, "has a name that cannot be read")
        realm = next((realm for base, realm in self.bases if dn[:len(base)] == base), None)
        if realm is None:
            return Skipped(entry.dn, "lies below no base DN that --realm names")
        subject = subject_of(realm, uid, self.case)
        if subject is None:
            return Skipped(entry.dn, "has a name that cannot be a key")
        modified = milliseconds(entry.attributes.get(MODIFIED, [b""])[0])
        user = User(entry.dn, subject, uid, {}, modified, {})
        self._read_devices(entry, user)
        return user

    def _name(self, dn, names):
        """Of several names the one in the RDN, else the first."""
        in_rdn = [value for name, value in dn[-1] if name == self.user_attribute] if dn else []
        return next((name for name in names if name.lower() in in_rdn), names[0])

    def _read_devices(self, entry, user):
        for factor in FACTORS:
            texts = []
            for value in entry.attributes.get(self.attributes[field_of(factor)], []):
                try:
                    texts.append(read_value(value))
                except ValueError as error:
                    user.wrong.append(f"a value of {self.attributes[field_of(factor)]} {error}")
            user.values[factor] = texts
            if texts:
                user.fields[field_of(factor)] = to_array(texts)
        for factor in WITH_FLAG:
            attribute = self.attributes[flag_of(factor)]
            flag = entry.attributes.get(attribute, [b""])[0].decode("ascii", "replace").strip()
            if flag in FLAGS:
                user.fields[flag_of(factor)] = flag
            elif flag:
                user.wrong.append(f"{attribute} is not 0, 1 or 2")
