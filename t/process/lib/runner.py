"""Finds the tests, runs them one after the other, reports in TAP."""
import asyncio
import importlib
import os
import pathlib
import traceback

from . import processes
from .scene import Scene
from .waiting import Clock, scaled

_LIMIT = 180  # seconds for one test


def find(folder):
    """(name, coroutine function) of each `test_*` in each test_*.py, in the order of the files."""
    found = []
    for path in sorted(pathlib.Path(folder).glob("test_*.py")):
        module = importlib.import_module(path.stem)
        found += [(f"{path.stem[5:]}: {name[5:].replace('_', ' ')}", function)
                  for name, function in vars(module).items()
                  if name.startswith("test_") and function.__module__ == path.stem]
    return found


async def _run(test, scene):
    """What went wrong, as lines; none where all is well."""
    wrong = []
    try:
        await asyncio.wait_for(test(scene), scaled(_LIMIT))
    except Exception as error:  # pylint: disable=broad-except  # whatever a test throws is its failure
        wrong += _tell(error)
    wrong += await scene.close()
    await _cancel_tasks()
    return wrong


def _tell(error):
    """Where in our own files it happened, and what."""
    here = str(pathlib.Path(__file__).parent.parent)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(here)]
    lines = [f"{frame.filename[len(here) + 1:]}:{frame.lineno}: {frame.line}" for frame in frames[1:]]
    what = str(error) or type(error).__name__
    if isinstance(error, asyncio.TimeoutError):
        what = f"something did not come in time (the whole test may take {scaled(_LIMIT):g} s)"
    return lines + what.splitlines()


async def _cancel_tasks():
    """What a failed test has left running in our own loop."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def run(tests, module, sanitize):
    """Runs all; the number of failures."""
    processes.adopt_orphans()
    os.umask(0o022)
    failed = 0
    whole = Clock()
    print("TAP version 13")
    print(f"1..{len(tests)}", flush=True)
    for number, (name, test) in enumerate(tests, 1):
        scene, clock = Scene(module, sanitize), Clock()
        try:
            wrong = asyncio.run(_run(test, scene))
            logs = scene.logs() if wrong else []
        finally:
            scene.remove()
        failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} - {name} ({clock.seconds:.1f} s)")
        for line in [*scene.notes, *wrong, *(f"log: {line}" for line in logs)]:
            print(f"  # {line[:400]}")
        print(end="", flush=True)
    print(f"# {whole.seconds:.0f} s")
    print(f"{len(tests) - failed} passed, {failed} failed", flush=True)
    return failed
