"""Everything that one test starts, in a folder of its own, and the checks at its end."""
import os
import re
import shutil
import subprocess
import tempfile

from . import processes
from .am import Store
from .backend import Backend
from .cluster import Cluster
from .dns import Dns
from .nginx import Nginx
from .redis import Redis
from .standin import StandIn

# Lines of an error log that explain no failure.
_DULL = re.compile(r"\[debug\]|keepalive connection|getrlimit|epoll\"|OS: |^\S+: |^$")
STATE = 'location = /state { mfa_reset am; return 200 "$mfa_reset_redis_state $mfa_reset_redis_pending"; }'


class Scene:
    def __init__(self, module, sanitize=False):
        self.module = module
        self.notes = []
        self.folder = tempfile.mkdtemp(prefix="mfa-reset-process-")
        os.chmod(self.folder, 0o755)  # workers may run as another user
        self.sanitize = sanitize
        self._servers = []

    def note(self, text):
        """A line for the reader of the run."""
        self.notes.append(text)

    def subfolder(self, name):
        path = os.path.join(self.folder, f"{name}{len(self._servers)}")
        os.mkdir(path)
        return path

    def _numbered_subfolder(self, name):
        return tempfile.mkdtemp(prefix=name, dir=self.folder)

    async def keep(self, server):
        """Starts it, and stops it in the end."""
        self._servers.append(server)
        return await server.start()

    async def redis(self, **settings):
        server = Redis(self.subfolder("redis"), **settings)
        self._servers.append(server)
        return await server.start()

    async def store(self, **settings):
        """A real Redis with the administrator's session in it."""
        return await Store(await self.redis(**settings)).seed()

    async def cluster(self, **settings):
        """A Redis Cluster, by default with three masters and a replica of each."""
        server = Cluster(lambda: self._numbered_subfolder("node"), **settings)
        self._servers.append(server)
        return await server.start()

    async def cluster_store(self, **settings):
        """The same with the administrator's session in it."""
        return await Store(await self.cluster(**settings)).seed()

    async def standin(self, behind=None, tcp=False, tls=None):
        """A failing Redis, in front of `behind`."""
        place = getattr(behind, "socket", None) or getattr(behind, "port", None)
        server = StandIn(self.subfolder("standin"), place, tcp, tls)
        self._servers.append(server)
        return await server.start()

    async def backend(self):
        """An AM that stands behind."""
        server = Backend(self.subfolder("am"))
        self._servers.append(server)
        return await server.start()

    async def dns(self):
        """A name server."""
        server = Dns()
        self._servers.append(server)
        return await server.start()

    def new_nginx(self, **parts):
        """Not started; with the module loaded unless `module` says otherwise."""
        folder = self.subfolder("nginx")
        parts.setdefault("module", self.module)
        server = Nginx(folder, environment=self._environment(folder), **parts)
        self._servers.append(server)
        return server

    async def edge(self, redis_url, *, http="", server="", am="", start="daemon off;", **parts):
        """An nginx that answers AM's calls below /openam/json/ from that Redis; `am` goes into the location."""
        nginx = self.new_nginx(
            http=f"mfa_reset_redis {redis_url};\n{http}",
            server=f"location /openam/json/ {{ mfa_reset am; {am} }}\n{STATE}\n{server}", **parts)
        return await nginx.start(start)

    def _environment(self, folder):
        if not self.sanitize:
            return {}
        os.chmod(folder, 0o777)  # a worker of another user shall be able to write its report
        log = os.path.join(folder, "sanitizer")
        # nginx frees its pools, not each block, when it ends: leaks are looked for by size instead.
        return {"LD_PRELOAD": sanitizer_library(self.module),
                "ASAN_OPTIONS": f"detect_leaks=0:quarantine_size_mb=4:log_path={log}",
                "UBSAN_OPTIONS": f"print_stacktrace=1:log_path={log}"}

    async def close(self):
        """Stops all, the last started first. Returns what was wrong, as lines."""
        wrong = []
        for server in reversed(self._servers):
            try:
                await server.stop()
            except (AssertionError, OSError) as error:
                wrong.append(f"while stopping {type(server).__name__}: {error}")
        for server in self._servers:
            if isinstance(server, Nginx):
                wrong += server.complaints()
        for pid in processes.children(os.getpid()):
            wrong.append(f"left over: process {pid}, {processes.title(pid)}")
            processes.end(pid)
        return wrong

    def logs(self):
        """The ends of all error logs, for a failure's report."""
        lines = []
        for server in self._servers:
            if isinstance(server, Nginx):
                lines += [line for line in server.said().splitlines() if not _DULL.search(line)][-15:]
        return lines

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def sanitizer_library(module):
    """The libasan that the module was linked with; it has to be loaded before anything else."""
    listing = subprocess.run(["ldd", module], capture_output=True, text=True, timeout=30, check=False).stdout
    for line in listing.splitlines():
        if "libasan" in line:
            return line.split("=>")[1].split()[0]
    raise SystemExit(f"{module} is not linked with AddressSanitizer")
