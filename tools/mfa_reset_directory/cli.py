"""The program: reads the options, runs one command, and ends with its status."""
import sys
from types import SimpleNamespace

import ldap
import redis.exceptions

from . import options
from .comparer import run_compare
from .directory import error_text
from .entries import Reader, normal_dn
from .errors import FAILED, Failed
from .follower import run_follow
from .importer import run_import
from .store import Store

_RUN = {"import": run_import, "follow": run_follow, "compare": run_compare}


def main(arguments):
    given = vars(options.parser().parse_args(arguments))  # ends with 2 if the options are wrong
    try:
        settings = _settings(given)
        store, reader = Store(settings), Reader(settings)
        return _RUN[settings.command](settings, store, reader)
    except Failed as error:
        text = str(error)
    except ldap.LDAPError as error:
        text = f"the directory: {error_text(error)}"
    except (redis.exceptions.RedisError, redis.exceptions.RedisClusterException) as error:
        text = f"Redis: {error}"
    except OSError as error:
        text = f"{error.filename or ''}: {error.strerror or error}"
    except KeyboardInterrupt:
        text = "interrupted"
    print(f"mfa-reset-directory: {text}", file=sys.stderr)
    return FAILED


def _settings(given):
    command, config = given.pop("command"), given.pop("config", None)
    settings = SimpleNamespace(command=command)
    for option in options.OPTIONS:
        setattr(settings, option.field, option.default)
    for name, value in {**(options.read_config(config, command) if config else {}), **given}.items():
        setattr(settings, name, value)
    for name, other in (("ldif", "ldap"), ("ldap", "ldif")):
        if name in given and other not in given:  # the command line's source replaces that of the configuration
            setattr(settings, other, None)
    settings.realms = [_realm(text) for text in settings.realm or []]
    settings.attributes = options.attributes(settings)
    settings.redis_password = _password(settings.redis_password_file)
    settings.sentinel_user = settings.redis_sentinel_user
    settings.sentinel_password = _password(settings.redis_sentinel_password_file)
    settings.bind_password = _password(settings.bind_password_file) or ""
    settings.tls = {name: value for name, value in (
        ("ssl_ca_certs", settings.redis_ca), ("ssl_certfile", settings.redis_certificate),
        ("ssl_keyfile", settings.redis_certificate_key)) if value}
    _check(settings)
    return settings


def _check(settings):
    if not settings.realms:
        raise Failed("which users are of which realm? Give --realm BASE_DN=/path")
    if bool(settings.ldap) == bool(settings.ldif):
        raise Failed("give --ldap URI" if settings.command == "follow" else "give either --ldap URI or --ldif FILE")
    if settings.ldif and (settings.since or settings.since_file):
        raise Failed("--since asks a directory: it goes with --ldap")
    if settings.bind_dn and not settings.bind_password:
        # An empty password would be an anonymous bind that the directory answers with success (RFC 4513, section 5.1.2).
        raise Failed("--bind-dn needs --bind-password-file, and the password must not be empty")
    if settings.lease < 3:
        raise Failed("--lease is at least 3 seconds: a third of it is what one write to the directory may take")


def _realm(text):
    base, equals, realm = text.rpartition("=/")
    if not equals or not base:
        raise Failed(f"--realm takes BASE_DN=/path, and not {text!r}")
    try:
        normal_dn(base)
    except ValueError:
        raise Failed(f"--realm: {base!r} is no DN") from None
    return base, "/" + realm.strip("/")


def _password(path):
    """The first line of the file; nginx reads password files the same way, a BOM is skipped."""
    if not path:
        return None
    with open(path, encoding="utf-8-sig") as file:
        return file.readline().rstrip("\r\n")
