"""Every option, once: the command line, the configuration file and the man page's test read them here."""
import argparse
import tomllib
from dataclasses import dataclass

from .errors import Failed
from .profiles import FIELDS
from .redis_url import FORMS

COMMANDS = {
    "import": "entries of the directory become records in Redis",
    "follow": "what is done at the edge is done in the directory",
    "compare": "list the users that differ between the directory and Redis",
}
ALL = tuple(COMMANDS)
READ = ("import", "compare")


@dataclass(frozen=True)
class Option:
    name: str
    help: str
    commands: tuple = ALL
    default: object = None
    type: type = str
    metavar: str = "TEXT"
    choices: tuple = ()
    repeated: bool = False

    @property
    def field(self):
        return self.name.replace("-", "_")


_ATTRIBUTE_OPTIONS = {
    "oathDeviceProfiles": "oath-attribute", "pushDeviceProfiles": "push-attribute",
    "webauthnDeviceProfiles": "webauthn-attribute", "oath2faEnabled": "oath-flag-attribute",
    "push2faEnabled": "push-flag-attribute",
}

OPTIONS = (
    Option("redis", f"Redis, as mfa_reset_redis names it: {FORMS}", default="redis://127.0.0.1:6379/0", metavar="URL"),
    Option("redis-password-file", "file with Redis's password in its first line", metavar="FILE"),
    Option("redis-sentinel-user", "the sentinels' own user", metavar="NAME"),
    Option("redis-sentinel-password-file", "file with the sentinels' own password", metavar="FILE"),
    Option("redis-ca", "certificates that Redis's certificate is verified with; default: the system's", metavar="FILE"),
    Option("redis-certificate", "client certificate for Redis", metavar="FILE"),
    Option("redis-certificate-key", "its key", metavar="FILE"),
    Option("prefix", "of all keys, as mfa_reset_prefix", default="mfa:"),
    Option("subject-case", "as mfa_reset_subject_case", default="ascii", choices=("ascii", "exact")),
    Option("stream", "the stream of all events, as mfa_reset_events_stream names it", metavar="NAME"),
    Option("group", "the follower's consumer group", default="directory", metavar="NAME"),
    Option("ldap", "the directory: ldap://host:port, ldaps://host:port or ldapi://path", metavar="URI"),
    Option("bind-dn", "who reads, and for follow also changes, the directory", default="", metavar="DN"),
    Option("bind-password-file", "file with the password of --bind-dn in its first line", metavar="FILE"),
    Option("starttls", "encrypt an ldap:// connection; the certificate is verified", default=False, type=bool),
    Option("ldap-ca", "certificates that the directory's certificate is verified with; default: the system's", metavar="FILE"),
    Option("realm", "users below BASE_DN are of the realm /path; may be repeated, the longest BASE_DN counts",
           metavar="BASE_DN=/path", repeated=True),
    Option("user-attribute", "the attribute with a user's name: uid, fr-idm-uuid", default="uid", metavar="NAME"),
    *(Option(option, f"the directory's name for {field}", default=field, metavar="NAME")
      for field, option in _ATTRIBUTE_OPTIONS.items()),
    Option("quiet", "no lines about progress", default=False, type=bool),

    Option("ldif", "read entries from this file instead of --ldap; - is standard input", commands=READ, metavar="FILE"),
    Option("update", "write what the directory has over what Redis has; without it a record that is there stays",
           commands=("import",), default=False, type=bool),
    Option("since", "only entries changed at this time or later, such as 2026-11-30T12:00:00Z", commands=("import",),
           metavar="TIME"),
    Option("since-file", "take --since from this file, and write there when this import began", commands=("import",),
           metavar="FILE"),
    Option("checkpoint", "note here how far the import has come; run again, it goes on there", commands=("import",),
           metavar="FILE"),
    Option("dry-run", "count, and write nothing", commands=("import",), default=False, type=bool),

    Option("clock-skew", "seconds by which the clocks of AM, the directory and Redis may differ", commands=("follow",),
           default=5.0, type=float, metavar="SECONDS"),
    Option("lease", "seconds after which a follower that is gone is replaced", commands=("follow",), default=30.0,
           type=float, metavar="SECONDS"),
    Option("tries", "how often an event that fails is tried before it goes to the dead letters", commands=("follow",),
           default=5, type=int, metavar="N"),
    Option("after-gap", "after events were lost: compare both sides, then go on", commands=("follow",), choices=("compare",)),
    Option("metrics-file", "write metrics here, for node_exporter's textfile collector", commands=("follow",),
           metavar="FILE"),
)


def parser():
    top = argparse.ArgumentParser(
        prog="mfa-reset-directory", allow_abbrev=False,
        description="The bridge between AM's directory and the records of mfa-reset in Redis.",
        epilog="Exit status: 0; 1 if some entries were skipped or differ; 2 if the command failed. See the man page.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command, text in COMMANDS.items():
        own = commands.add_parser(command, help=text, description=text[0].upper() + text[1:] + ".", allow_abbrev=False)
        own.add_argument("--config", metavar="FILE", help="TOML with any of these options; the command line counts more")
        for option in OPTIONS:
            if command in option.commands:
                _add(own, option)
    return top


def _add(own, option):
    # Without a default: what is not given is looked for in the configuration file first.
    common = {"help": option.help.replace("%", "%%"), "dest": option.field, "default": argparse.SUPPRESS}
    if option.default not in (None, "", False):
        common["help"] += f" (default: {option.default})"
    if option.type is bool:
        own.add_argument(f"--{option.name}", action="store_true", **common)
    else:
        own.add_argument(f"--{option.name}", metavar=option.metavar, type=option.type, choices=option.choices or None,
                         action="append" if option.repeated else "store", **common)


def read_config(path, command):
    """The options in a TOML file: at its top those of all commands, and in a table of its name one command's own."""
    try:
        with open(path, "rb") as file:
            config = tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise Failed(f"{path}: {error}") from None
    known = {option.name: option for option in OPTIONS}
    found = {}
    for source in (config, config.get(command, {})):
        for name, value in source.items():
            if name in COMMANDS and isinstance(value, dict):
                continue
            option = known.get(name)
            if option is None:
                raise Failed(f"{path}: there is no option {name!r}")
            if command in option.commands:
                found[option.field] = _checked(path, option, value)
    return found


def _checked(path, option, value):
    fits = (isinstance(value, list) and all(isinstance(it, str) for it in value) if option.repeated
            else isinstance(value, (int, float)) and not isinstance(value, bool) if option.type is float
            else isinstance(value, option.type) and (option.type is bool or not isinstance(value, bool)))
    if not fits or option.choices and value not in option.choices:
        raise Failed(f"{path}: {option.name} has a value of the wrong kind")
    return value


def attributes(settings):
    """By field of the record, the directory's name."""
    return {field: getattr(settings, _ATTRIBUTE_OPTIONS[field].replace("-", "_")) for field in FIELDS}
