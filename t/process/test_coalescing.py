"""Commands of one turn of the event loop are sent in one segment."""
import asyncio
import os
import signal

from lib.am import recovered
from lib.http1 import Connection
from lib.waiting import until

_CLIENTS = 64
_PATIENT = "mfa_reset_redis_timeout 30s; mfa_reset_timeout 30s;"


async def test_commands_of_one_turn_leave_in_one_segment(t):
    """The worker is stopped while 64 clients send, so that all are there when it looks again."""
    store = await t.store()
    standin = await t.standin(behind=store.redis, tcp=True)
    nginx = await t.edge(standin.url, http=_PATIENT)
    await until(lambda: len(standin.links) == 2, 3, "2 connections")
    await recovered(nginx.port, store)
    worker, = nginx.workers()
    clients = [await Connection(nginx.port).__aenter__() for _ in range(_CLIENTS)]
    for call, client in zip(store.unknown(_CLIENTS), clients):  # accepted, and known to the worker
        assert call.answers(await client.ask(call.request)), "refused with 503"
    for _ in range(5):
        calls = await store.mixed(_CLIENTS)
        links = list(standin.links)
        segments, commands = sum(link.segments() for link in links), standin.commands
        os.kill(worker, signal.SIGSTOP)
        for call, client in zip(calls, clients):
            await client.send(call.request)
        os.kill(worker, signal.SIGCONT)
        for call, client in zip(calls, clients):
            assert call.answers(await client.answer()), "refused with 503"
        segments = sum(link.segments() for link in links) - segments
        commands = standin.commands - commands
        t.note(f"{commands} commands in {segments} segments")
        assert commands == _CLIENTS
        assert segments <= 4, f"{commands} commands of one turn left in {segments} segments"
    for client in clients:
        client.close()


async def test_pipelining_on_one_connection_keeps_its_order(t):
    """Commands of later turns are sent before earlier replies are there."""
    store = await t.store()
    standin = await t.standin(behind=store.redis)
    nginx = await t.edge(standin.url, http=f"mfa_reset_redis_connections 1; {_PATIENT}")
    await recovered(nginx.port, store)
    arrived = []
    everything = asyncio.Event()

    async def hold(command):
        arrived.append((command, await command.true_reply()))
        if len(arrived) == 10:
            everything.set()

    standin.rule = hold
    calls = store.unknown(10)
    clients = [await Connection(nginx.port).__aenter__() for _ in calls]
    for call, client in zip(calls, clients):
        await client.send(call.request)
        await asyncio.sleep(0.005)
    await asyncio.wait_for(everything.wait(), 20)
    for command, reply in arrived:
        command.send(reply)
    for call, client in zip(calls, clients):
        assert call.answers(await client.answer()), "refused with 503"
        client.close()
