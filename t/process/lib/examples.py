"""The configurations of conf-examples, unchanged except for paths and ports, and the AM behind them."""
import pathlib
import re

from .am import post
from .backend import session_info
from .http1 import ask
from .waiting import until

_EXAMPLES = pathlib.Path(__file__).resolve().parents[3] / "conf-examples"
SESSIONS = "/openam/json/sessions?_action=getSessionInfo"


async def am(received):
    """AM as a rule of lib/backend.py: knows amAdmin of /, and every other user in /alpha, and notes what it was asked."""
    await received.read_body()
    if received.target != SESSIONS:
        await received.answer(200, f"{received.method} {received.target}".encode())
        return
    user = received.token.removeprefix("token-of-")
    if user == received.token:
        await received.answer(401)
    else:
        await received.answer(200, session_info(user, "/" if user == "amAdmin" else "/alpha"))


async def beside_am(t, name, changes=()):
    """A store, an AM, and an nginx with that example, warm; `changes` are texts and what stands in their place."""
    store, behind = await t.store(), await t.backend()
    behind.rule = am
    nginx = t.new_nginx(with_http=False)
    text = (_EXAMPLES / name).read_text(encoding="utf-8")
    for old, new in (("modules/ngx_http_mfa_reset_module.so", t.module), ("redis://127.0.0.1:6379/0", store.redis.url),
                     ("127.0.0.1:8080", f"127.0.0.1:{nginx.port}"),
                     ("server 127.0.0.1:8081", f"server unix:{behind.path}"),
                     ("/run/nginx.pid", f"{nginx.folder}/nginx.pid"), ("worker_processes auto", "worker_processes 1"),
                     ("/var/log/nginx/", f"{nginx.folder}/"), *changes):
        assert old in text, f"{name} has no {old}"
        text = text.replace(old, new)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temp = "".join(f"{kind}_temp_path {nginx.folder}/{kind};" for kind in kinds)
    text = text.replace("http {", f"http {{ {temp}", 1)
    assert not re.search(r"^[^#\n]*[ :]/(run|var|etc|usr)/", text, re.MULTILINE), "a place of the system's is left"
    nginx.configure(text)
    await nginx.start()

    async def answered():
        return (await ask(nginx.port, post("nobody", "token-of-nobody"))).status == 200
    await until(answered, 3, "Redis and AM are reached")
    behind.received.clear()
    return store, behind, nginx
