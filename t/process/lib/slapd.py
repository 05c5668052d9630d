"""A private OpenLDAP server with AM's attributes: the directory behind AM."""
import os
import pathlib
import signal
import subprocess

import ldap
import ldap.modlist

from .ports import free_port
from .waiting import until

BASE = "dc=example,dc=com"
ALPHA = f"o=alpha,{BASE}"
ROOT, PASSWORD = f"cn=admin,{BASE}", "only-for-this-test"
_CLASSES = [b"inetOrgPerson", b"oathDeviceProfilesContainer", b"pushDeviceProfilesContainer",
            b"webauthnDeviceProfilesContainer", b"iplanet-am-auth-configuration-service"]
_CONF = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include {schema}
pidfile {folder}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
{tls}
database mdb
suffix "{base}"
rootdn "{root}"
rootpw {password}
directory {folder}/data
maxsize 1073741824
"""


class Slapd:
    def __init__(self, folder, tls=None):
        """`tls`: (certificate, key) files, for StartTLS."""
        self._folder, self._process = folder, None
        self.port = free_port()
        self.uri = f"ldap://127.0.0.1:{self.port}"
        self.password_file = os.path.join(folder, "password")
        os.mkdir(os.path.join(folder, "data"))
        with open(self.password_file, "w", encoding="ascii") as file:
            file.write(PASSWORD + "\n")
        lines = f"TLSCertificateFile {tls[0]}\nTLSCertificateKeyFile {tls[1]}" if tls else ""
        with open(os.path.join(folder, "slapd.conf"), "w", encoding="ascii") as file:
            file.write(_CONF.format(schema=pathlib.Path(__file__).with_name("am.schema"), folder=folder, base=BASE,
                                    root=ROOT, password=PASSWORD, tls=lines))

    async def start(self):
        self._process = subprocess.Popen(
            ["slapd", "-f", os.path.join(self._folder, "slapd.conf"), "-h", self.uri, "-d", "0"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        await until(self._answers, 10, "slapd answers")
        return self

    def _answers(self):
        assert self._process.poll() is None, "slapd ended at once"
        try:
            self.connection()
        except ldap.SERVER_DOWN:
            return False
        return True

    async def kill(self):
        await self._end(signal.SIGKILL)

    async def stop(self):
        await self._end(signal.SIGTERM)

    async def _end(self, number):
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)
            await until(lambda: self._process.poll() is not None, 10, "slapd ends")

    def connection(self):
        connection = ldap.initialize(self.uri)
        connection.set_option(ldap.OPT_NETWORK_TIMEOUT, 5)
        connection.simple_bind_s(ROOT, PASSWORD)
        return connection

    def seed(self):
        """The base, the realm /alpha below it."""
        connection = self.connection()
        for dn, attributes in ((BASE, {"objectClass": [b"dcObject", b"organization"], "dc": [b"example"], "o": [b"x"]}),
                               (ALPHA, {"objectClass": [b"organization"], "o": [b"alpha"]})):
            connection.add_s(dn, ldap.modlist.addModlist(attributes))
        return self

    def enrol(self, name, base=ALPHA, **attributes):
        """A user; `attributes` are lists of texts."""
        dn = f"uid={ldap.dn.escape_dn_chars(name)},{base}"
        entry = {"objectClass": _CLASSES, "uid": [name.encode()], "cn": [name.encode()], "sn": [b"x"]}
        entry.update({key: [value.encode() for value in values] for key, values in attributes.items()})
        self.connection().add_s(dn, ldap.modlist.addModlist(entry))
        return dn

    def add(self, dn, attribute, value):
        self.connection().modify_s(dn, [(ldap.MOD_ADD, attribute, [value.encode()])])

    def read(self, dn):
        """All attributes of an entry, as lists of texts."""
        attributes = self.connection().search_s(dn, ldap.SCOPE_BASE)[0][1]
        return {name: [value.decode() for value in values] for name, values in attributes.items()}
