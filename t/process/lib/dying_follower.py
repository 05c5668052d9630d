#!/usr/bin/python3
"""mfa-reset-directory whose process dies by SIGKILL at one point: DIE=CLASS.FUNCTION:before|after, at its Nth call (DIE_AT)."""
import functools
import os
import pathlib
import signal
import sys

sys.dont_write_bytecode = True
# This folder has a redis.py of its own.
sys.path[0] = str(pathlib.Path(__file__).resolve().parents[3] / "tools")

import redis  # noqa: E402

from mfa_reset_directory import applying, cli, directory, follower  # noqa: E402

_PLACES = {"Applier": applying.Applier, "Directory": directory.Directory, "Follower": follower.Follower,
           "Redis": redis.Redis}


def _arm(place):
    name, _, when = place.partition(":")
    owner, function = name.split(".")
    original = getattr(_PLACES[owner], function)
    left = [int(os.environ.get("DIE_AT", "1"))]

    @functools.wraps(original)
    def dying(*arguments, **more):
        left[0] -= 1
        if when == "before" and left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*arguments, **more)
        if when == "after" and left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    setattr(_PLACES[owner], function, dying)


_arm(os.environ["DIE"])
sys.exit(cli.main(sys.argv[1:]))
