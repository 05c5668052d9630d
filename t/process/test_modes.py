"""The ways to run nginx: with a master and without, in the background, as root and as another user."""
import os
import pwd
import signal

from lib import processes
from lib.am import recovered
from lib.http1 import ask
from lib.waiting import until


async def _works(nginx, store):
    await recovered(nginx.port, store)
    call, = await store.enrol(1)
    assert call.answers(await ask(nginx.port, call.request)), "refused with 503"
    assert await store.events([call.user]) == [1]


async def test_without_a_master(t):
    store = await t.store()
    nginx = await t.edge(store.redis.url, start="daemon off; master_process off;")
    assert nginx.workers() == []
    await _works(nginx, store)
    assert len(await store.redis.clients()) == 2
    nginx.signal(signal.SIGQUIT)
    await nginx.ended(2, "after SIGQUIT")


async def test_in_the_background(t):
    store = await t.store()
    nginx = await t.edge(store.redis.url, start=None)
    await _works(nginx, store)
    await nginx.reload()
    await _works(nginx, store)


async def test_several_workers(t):
    store = await t.store()
    nginx = await t.edge(store.redis.url, workers=4)
    for _ in range(20):
        await _works(nginx, store)

    async def connected():
        return len(await store.redis.clients()) == 8

    await until(connected, 2, "4 workers with 2 connections each")


async def test_workers_run_as_the_configured_user(t):
    """Started by root, the workers run as the user nobody; a password file that only root may read works."""
    store = await t.store(requirepass="only-root-reads-this")
    password = os.path.join(t.folder, "password")
    with open(os.open(password, os.O_CREAT | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
        file.write("only-root-reads-this\n")
    nginx = await t.edge(store.redis.socket_url, http=f"mfa_reset_redis_password_file {password};")
    wanted = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()
    assert {processes.user_id(pid) for pid in nginx.workers()} == {wanted}
    await _works(nginx, store)
    await nginx.reload()
    await _works(nginx, store)
