"""Small programs in C that make load, or do the least that can be done; compiled when they are first wanted."""

import hashlib
import shutil
import subprocess
from pathlib import Path
from uuid import uuid4

from launcher import environment
from launcher.errors import LaunchError

SOURCES = Path(__file__).parent
COMPILERS = ("cc", "gcc", "clang")


def built(name: str) -> Path:
    """The program of `name.c`, kept for as long as its source stays the same. Raises LaunchError without a compiler."""
    source = SOURCES / f"{name}.c"
    texts = [path.read_bytes() for path in (source, *sorted(SOURCES.glob("*.h")))]
    mark = hashlib.sha256(b"".join(texts)).hexdigest()[:16]
    program = environment.folder() / "bench" / f"{name}-{mark}"
    if not program.exists():
        compiler = next(filter(None, map(shutil.which, COMPILERS)), None)
        if compiler is None:
            raise LaunchError("the load is made by a program in C, and there is no compiler: install gcc or clang")
        program.parent.mkdir(exist_ok=True)
        draft = program.with_suffix(f".{uuid4().hex}")  # of its own: several may want it first
        subprocess.run([compiler, "-O2", "-Wall", "-o", draft, source, "-lm"], check=True)
        draft.rename(program)
    return program
