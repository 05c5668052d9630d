"""Other modules, as the distribution has them beside its nginx."""
import functools
import os
import re
import subprocess

from .nginx import BINARY


@functools.cache
def _folder():
    said = subprocess.run([BINARY, "-V"], capture_output=True, text=True, timeout=30, check=True).stderr
    return re.search(r"--modules-path=(\S+)", said)[1]


def load(*names):
    """The lines of nginx.conf that load these."""
    paths = [os.path.join(_folder(), f"{name}.so") for name in names]
    missing = [path for path in paths if not os.path.exists(path)]
    assert not missing, f"scripts/install-packages test brings {missing}"
    return "\n".join(f"load_module {path};" for path in paths)
