"""What is compared: each system is an nginx of its own and, where it has one, a backend."""
import hashlib
import os
import pathlib
import random
import re
import shutil
import socket

from .processes import REPO, Child, Failure, children, until
from .store import write_credentials

MODULE = REPO / "build" / "ngx_http_mfa_reset_module.so"
_SOURCES = REPO / "src"
NODE_MODULES = REPO / "build" / "bench" / "node"
LUA_MODULES = ("ndk_http_module.so", "ngx_http_lua_module.so")
_NGINX_MODULES = pathlib.Path("/usr/lib/nginx/modules")
_NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin") or "nginx"
_PORTS = range(10000, 30000)  # below the range that outgoing connections take theirs from


def free_port():
    for port in random.sample(_PORTS, 200):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise Failure("no free TCP port")


class System:
    """`conf` is its part of the configuration, conf/NAME.conf where nothing is said; `calls` how Lua calls Redis;
    `varies` says that it is faster after one start than after another."""

    def __init__(self, name, title, *, conf=None, calls="", modules=(), backend=False, varies=False):
        self.name, self.title, self.varies, self._conf, self._calls = name, title, varies, conf or name, calls
        self._modules, self._has_backend = modules, backend
        self._nginx = self._backend = self._folder = self._redis = None
        self.port = self.second_port = self.worker = None

    def start(self, folder, redis_socket):
        """`folder` is where all systems have theirs."""
        self._folder, self._redis = folder / self.name, redis_socket
        (self._folder / "temp").mkdir(parents=True, exist_ok=True)
        write_credentials(self._folder)
        if self._has_backend:
            self._start_backend(redis_socket)
        for _ in range(5):
            self.port, self.second_port = free_port(), free_port()
            self._configure(folder, redis_socket)
            (self._folder / "nginx.pid").unlink(missing_ok=True)
            self._nginx = Child([_NGINX, "-p", self._folder, "-e", self._folder / "error.log", "-c",
                                 self._folder / "nginx.conf", "-g", "daemon off;"], self._folder / "nginx.log")
            try:
                self.worker = until(self._find_worker, 10, f"the nginx of {self.name} starts")
                return self
            except Failure as failure:
                self._nginx.stop()
                if "Address already in use" not in str(failure):
                    raise
        raise Failure(f"the nginx of {self.name} finds no free port")

    def _start_backend(self, redis_socket):
        path, script = self._folder / "backend.sock", self._folder / "reset.lua"
        script.write_text(script_text(), encoding="utf-8")
        self._backend = Child(
            ["node", REPO / "bench" / "node" / "server.mjs", path, redis_socket, script],
            self._folder / "backend.log", {"NODE_ENV": "production", "BENCH_MODULES": str(NODE_MODULES)})
        until(lambda: self._backend.check() and path.exists(), 20, "the backend starts")

    def _find_worker(self):
        self._nginx.check()
        found = [pid for pid, title in children(self._nginx.pid).items() if "worker process" in title]
        return found[0] if found and (self._folder / "nginx.pid").exists() else None

    def _configure(self, folder, redis_socket):
        values = {
            "name": self.title, "folder": self._folder, "port": self.port, "second_port": self.second_port,
            "redis": redis_socket, "lua": folder / "lua", "calls": self._calls, "backend": self._folder / "backend.sock",
            "load": "\n".join(f"load_module {path};" for path in self._modules),
            "user": "user www-data;" if os.geteuid() == 0 else "",
        }
        conf = REPO / "bench" / "conf"
        frame = (conf / "frame.conf").read_text(encoding="utf-8")
        text = frame.replace("@system@", (conf / f"{self._conf}.conf").read_text(encoding="utf-8"))
        text = re.sub("@([a-z_]+)@", lambda name: str(values[name.group(1)]), text)
        (self._folder / "nginx.conf").write_text(text, encoding="utf-8")

    def restart(self):
        self.stop()
        self.start(self._folder.parent, self._redis)

    def stop(self):
        for child in (self._nginx, self._backend):
            if child is not None:
                child.stop()

    def check(self):
        """Fails where a process has ended by itself, or nginx has something to complain about."""
        for child in filter(None, (self._nginx, self._backend)):
            child.check()
        if self._find_worker() != self.worker:
            raise Failure(f"the nginx worker of {self.name} is another one now")
        log = (self._folder / "error.log").read_text(encoding="utf-8", errors="replace")
        if log:
            raise Failure(f"the nginx of {self.name} says: {log[:2000]}")

    @property
    def folder(self):
        return self._folder

    @property
    def backend(self):
        """The backend's process id, or None."""
        return self._backend.pid if self._backend else None

    @property
    def processes(self):
        return [pid for pid in (self.worker, self.backend) if pid]


def script_text(name="am/reset.lua"):
    """reset.lua as the module has it: cmake/scripts.cmake puts what it shares with others before it."""
    text = (_SOURCES / name).read_text(encoding="utf-8")
    shared = re.search(r"^-- with ([a-z_]+/[a-z_]+\.lua)$", text, flags=re.MULTILINE)
    return (script_text(shared.group(1)) if shared else "") + text


def write_lua(folder):
    """What nginx's workers load, where they may read it: the Lua sources, and reset.lua as a module of theirs."""
    target = folder / "lua"
    target.mkdir()
    for file in (REPO / "bench" / "lua").glob("*.lua"):
        shutil.copyfile(file, target / file.name)
    text = script_text()
    sha1 = hashlib.sha1(text.encode()).hexdigest()
    (target / "script.lua").write_text(f"return {{sha1 = '{sha1}', text = [==[\n{text}]==]}}\n", encoding="utf-8")


def all_systems():
    """In the order in which they are told of. What LuaJIT compiles differs from start to start."""
    lua = {"modules": [_NGINX_MODULES / name for name in LUA_MODULES], "varies": True}
    return [
        System("module", "the module", modules=[MODULE]),
        System("usual", "Lua, as most would write it", **lua),
        System("tuned", "Lua, as well as it can be", calls="redis_by_library", **lua),
        System("by-hand", "the same, Redis's protocol by hand", conf="tuned", calls="redis_by_hand", **lua),
        System("node", "a backend (Node)", backend=True),
        System("limit", "return 200"),
    ]
