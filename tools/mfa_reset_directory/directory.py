"""The directory itself: a connection that is verified, pages of entries, one user's entry, and changes of it."""
import ldap
import ldap.controls
import ldap.filter

from .entries import Entry, User, normal_dn
from .errors import Failed

TIMEOUT = 10.0  # seconds, of one operation
PAGE = 500
# What may pass by itself: the server is not there, restarts, or has too much to do.
DOWN = (ldap.SERVER_DOWN, ldap.CONNECT_ERROR, ldap.TIMEOUT, ldap.UNAVAILABLE, ldap.BUSY, ldap.TIMELIMIT_EXCEEDED,
        ldap.ADMINLIMIT_EXCEEDED)


class Directory:
    """Connects when it is first used, and again after reset()."""

    def __init__(self, settings, reader, timeout=TIMEOUT):
        """`settings`: ldap (URI), bind_dn, bind_password, starttls, ldap_ca, realms. `timeout`: seconds of one operation."""
        self._timeout = timeout
        self._settings = settings
        self.reader = reader
        self._connection = None

    def connection(self):
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def reset(self):
        """Forgets the connection: the next use makes another."""
        if self._connection is not None:
            try:
                self._connection.unbind_s()
            except ldap.LDAPError:
                pass
            self._connection = None

    def _connect(self):
        settings = self._settings
        connection = ldap.initialize(settings.ldap)
        connection.set_option(ldap.OPT_PROTOCOL_VERSION, 3)
        connection.set_option(ldap.OPT_REFERRALS, 0)
        connection.set_option(ldap.OPT_NETWORK_TIMEOUT, self._timeout)
        connection.set_option(ldap.OPT_TIMEOUT, self._timeout)
        if settings.starttls or settings.ldap.startswith("ldaps:"):
            connection.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_DEMAND)
            if settings.ldap_ca:
                connection.set_option(ldap.OPT_X_TLS_CACERTFILE, settings.ldap_ca)
            connection.set_option(ldap.OPT_X_TLS_NEWCTX, 0)
        if settings.starttls:
            connection.start_tls_s()
        try:
            connection.simple_bind_s(settings.bind_dn, settings.bind_password)
        except (ldap.INVALID_CREDENTIALS, ldap.INAPPROPRIATE_AUTH) as error:
            raise Failed(f"{settings.ldap} refuses {settings.bind_dn or 'an anonymous bind'}: {error_text(error)}") from None
        return connection

    def entries(self, since=""):
        """All entries below the base DNs, page by page; `since`: changed at or after this GeneralizedTime."""
        wanted = f"({self.reader.user_attribute}=*)"
        if since:
            wanted = f"(&{wanted}(modifyTimestamp>={since}))"
        seen = []
        for base, _ in sorted(self._settings.realms, key=lambda it: len(it[0])):
            if not any(_is_below(base, other) for other in seen):  # a nested base comes with the one around it
                seen.append(base)
                yield from self._pages(base, wanted)

    def _pages(self, base, wanted):
        control = ldap.controls.SimplePagedResultsControl(True, size=PAGE, cookie="")
        while True:
            connection = self.connection()
            request = connection.search_ext(base, ldap.SCOPE_SUBTREE, wanted, self.reader.wanted(), serverctrls=[control])
            _, found, _, controls = connection.result3(request, timeout=self._timeout)
            for dn, attributes in found:
                if dn is not None:  # a referral
                    yield _entry(dn, attributes)
            cookies = [it.cookie for it in controls if it.controlType == control.controlType]
            if not cookies or not cookies[0]:
                return
            control.cookie = cookies[0]

    def find(self, parts, name, subject):
        """The User whose key is `subject`: `parts` of the realm and `name`, decoded. None: there is none. Failed: several
        entries are this user."""
        realm = "/" + "/".join(parts)
        wanted = ldap.filter.filter_format(f"({self.reader.user_attribute}=%s)", [name])
        users = {}
        for base, its_realm in self._settings.realms:
            if _folded(its_realm) != _folded(realm):
                continue
            for dn, attributes in self.connection().search_ext_s(base, ldap.SCOPE_SUBTREE, wanted, self.reader.wanted()):
                user = self.reader.user_of(_entry(dn, attributes)) if dn is not None else None
                if isinstance(user, User) and user.subject == subject:
                    users[user.dn] = user
        if len(users) > 1:
            raise Failed(f"{len(users)} entries are {subject}")
        return next(iter(users.values()), None)

    def change(self, dn, changes):
        """`changes`: (operation, attribute, list of bytes) each, all or none."""
        self.connection().modify_s(dn, changes)


def _is_below(dn, base):
    outer = normal_dn(base)
    return normal_dn(dn)[:len(outer)] == outer


def _folded(realm):
    return "/" + "/".join(part.lower() for part in realm.split("/") if part)


def _entry(dn, attributes):
    names = {}
    for name, values in attributes.items():
        names.setdefault(name.partition(";")[0].lower(), []).extend(values)
    return Entry(dn, names)


def error_text(error):
    """What the directory says, without what was sent."""
    detail = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    return detail.get("desc", type(error).__name__)
