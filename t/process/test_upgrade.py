"""The module's file is replaced and nginx starts its successor (docs/how-to/install.md): no request is lost."""
import os
import shutil
import signal

from lib import processes
from lib.am import Ledger
from lib.load import Load
from lib.waiting import until


# A successor gets of the environment only what the configuration names; a sanitizer's library is in it.
_ENVIRONMENT = "env LD_PRELOAD; env ASAN_OPTIONS; env UBSAN_OPTIONS;"


def _maps(pid, path):
    """Whether the process has this very file loaded, and not one that had its name before."""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as file:
        return any(line.rstrip().endswith(path) for line in file)


async def test_a_successor_with_a_new_module_loses_nothing(t):
    module = os.path.join(t.folder, "module.so")
    shutil.copy(t.module, module)
    store = await t.store()
    nginx = await t.edge(store.redis.url, start="", module=module, workers=2, main=_ENVIRONMENT)
    calls = await store.mixed(20000)
    ledger = Ledger(store)
    load = Load(nginx.port, calls, ledger)
    old = nginx.pid
    async with load:
        await until(lambda: load.answered > 50, 5, "the old one answers")
        shutil.copy(t.module, module + ".new")
        os.rename(module + ".new", module)
        os.kill(old, signal.SIGUSR2)
        await until(nginx.succeeded, 10, "the successor has its workers")
        assert _maps(nginx.pid, module) and not _maps(old, module), "the successor has the new file"
        os.kill(old, signal.SIGQUIT)
        await until(lambda: not processes.alive(old), 10, "the old one ends")
        wanted = load.answered + 50
        await until(lambda: load.answered >= wanted, 5, "the successor answers")
    t.note(str(load))
    assert not load.failures and not load.refused, f"{load}: {load.failures[:3]}"
    await ledger.settle()
