"""One nginx of our own: its folder, its configuration, its master and workers, its logs."""
import asyncio
import os
import re
import shutil
import signal
import subprocess

from . import processes
from .ports import free_port
from .waiting import until

_SEARCH = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
BINARY = os.environ.get("TEST_NGINX_BINARY") or shutil.which("nginx", path=_SEARCH) or "nginx"

_BAD = re.compile(r"\[alert\]|\[emerg\]|AddressSanitizer|LeakSanitizer|runtime error:"
                  r"|exited on signal|exited with code [1-9]")

_TEMPLATE = """\
{load}
{main}
worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/error.log {level};
events {{ worker_connections 2048; }}
{http}
"""

_HTTP = """\
http {{
    log_format process '$status $request_method $request_uri';
    access_log {folder}/access.log process;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    keepalive_requests 1000000;
    {http}
    server {{
        listen 127.0.0.1:{port};
        location = /plain {{ return 200 "plain\\n"; }}
        {server}
    }}
}}
"""


class Nginx:
    """Configured from parts: `main`, `http` and `server` are text for those blocks."""

    def __init__(self, folder, module=None, *, main="", http="", server="", workers=1, level="info",
                 environment=None, with_http=True):
        self.folder = folder
        self.port = free_port()
        self._count = workers
        self._environment = environment or {}
        self._process = None
        self._pid = None
        block = _HTTP.format(folder=folder, port=self.port, http=http, server=server) if with_http else ""
        self.configure(_TEMPLATE.format(
            load=f"load_module {module};" if module else "", main=main, workers=workers, folder=folder,
            level=level, http=block))

    def configure(self, text):
        with open(self._path("nginx.conf"), "w", encoding="utf-8") as file:
            file.write(text)

    def configuration(self):
        return self._read("nginx.conf")

    def _path(self, name):
        return os.path.join(self.folder, name)

    def _words(self, *more):
        return [BINARY, "-p", self.folder, "-e", self._path("error.log"), "-c", self._path("nginx.conf"), *more]

    def check(self):
        """nginx -t: its exit status and what it says."""
        done = subprocess.run(
            self._words("-t"), env={**os.environ, **self._environment}, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, errors="replace", timeout=30, check=False)
        return done.returncode, done.stdout + done.stderr

    async def start(self, directives="daemon off;", listening=True):
        """In the foreground as our child unless `directives` (nginx's -g) say otherwise."""
        with open(self._path("stderr"), "ab") as stderr:
            self._process = subprocess.Popen(
                self._words(*(["-g", directives] if directives else [])),
                env={**os.environ, **self._environment}, stdin=subprocess.DEVNULL, stdout=stderr, stderr=stderr)
        has_master = "master_process off" not in (directives or "")
        await until(lambda: self._ready(listening, has_master), 15, f"nginx starts: {self.said()[-600:]}")
        return self

    async def _ready(self, listening, has_master):
        status = self._process.poll()
        assert status in (None, 0), f"nginx ended with {status}: {self.said()}"
        self._pid = self._read_pid()
        if self._pid is None or (has_master and len(self.workers()) != self._count):
            return False
        if not listening:
            return True
        try:
            writer = (await asyncio.open_connection("127.0.0.1", self.port))[1]
        except OSError:
            return False
        writer.close()
        return True

    def _read_pid(self):
        try:
            with open(self._path("nginx.pid"), encoding="ascii") as file:
                return int(file.read())
        except (FileNotFoundError, ValueError):
            return None

    @property
    def pid(self):
        """The master's; of the only process where there is no master."""
        return self._pid

    def workers(self):
        return [pid for pid in processes.children(self.pid) if "worker process" in processes.title(pid)]

    def succeeded(self):
        """After SIGUSR2: whether the successor is there, with all its workers. It is this nginx from then on."""
        old, new = self._pid, self._read_pid()
        if new in (None, old):
            return False
        self._pid = new
        if len(self.workers()) != self._count:
            self._pid = old
        return self._pid == new

    def helpers(self):
        return [pid for pid in processes.children(self.pid) if "cache" in processes.title(pid)]

    def signal(self, number):
        os.kill(self.pid, number)

    async def reload(self):
        """SIGHUP, and a full set of new workers is there."""
        before = set(self.workers())
        self.signal(signal.SIGHUP)
        await until(lambda: len(set(self.workers()) - before) == self._count, 10, "new workers after SIGHUP")

    def running(self):
        if self._process is None:
            return False
        self._process.poll()
        return self.pid is not None and processes.alive(self.pid)

    async def ended(self, seconds, why):
        await until(lambda: not self.running(), seconds, f"nginx ends {why}", every=0.005, promised=True)

    async def stop(self, seconds=5):
        """SIGQUIT; what does not end by that is killed, and an error."""
        if not self.running():
            return
        self.signal(signal.SIGQUIT)
        try:
            await self.ended(seconds, "after SIGQUIT")
        except AssertionError:
            left = processes.children(self.pid)
            for pid in (*left, self.pid):
                processes.end(pid)
            raise

    def log(self):
        return self._read("error.log")

    def access(self):
        return self._read("access.log")

    def text(self, name):
        """Another file in its folder; empty if it does not exist."""
        return self._read(name)

    def said(self):
        """All that it wrote anywhere, for a failure's report."""
        return self._read("stderr") + self._read("error.log")

    def _read(self, name):
        try:
            with open(self._path(name), encoding="utf-8", errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def lines(self, level, containing=""):
        """Lines of the error log at that level."""
        pattern = re.compile(rf"^\S+ \S+ \[{level}\] .*{containing}.*", re.MULTILINE)
        return pattern.findall(self.log())

    def complaints(self):
        """Lines that no run may have: alerts, emergencies, sanitizer reports, crashes."""
        found = [line for line in self.said().splitlines() if _BAD.search(line)]
        reports = [name for name in os.listdir(self.folder) if name.startswith("sanitizer.")]
        for name in reports:
            found += self._read(name).splitlines()[:40]
        return found
