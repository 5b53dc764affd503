"""A PostgreSQL server of a test's own: a cluster in a temporary folder, on a socket there."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

# Debian keeps the server's programs out of the path.
DEBIAN = Path("/usr/lib/postgresql")
OWNER = "throughline"


def programs() -> Path | None:
    """Where initdb and pg_ctl lie; None where there is no server."""
    found = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    path = found[-1] if found else on_path and Path(on_path).resolve()
    return Path(path).parent if path else None


def _is_refused() -> bool:
    """initdb does not run as root."""
    return os.geteuid() == 0


def _unprivileged() -> pwd.struct_passwd:
    """Somebody who is not root: Debian's package brings postgres."""
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


@contextmanager
def server() -> Iterator[str]:
    """A server that ends with the block; the address of its database."""
    bin_dir = programs()
    assert bin_dir
    with TemporaryDirectory(prefix="pg-") as folder:
        who = _unprivileged() if _is_refused() else None
        if who:
            os.chown(folder, who.pw_uid, who.pw_gid)

        def run(program: str, *arguments: str) -> None:
            subprocess.run(
                [str(bin_dir / program), "-D", f"{folder}/data", *arguments],
                check=True,
                cwd=folder,
                user=who.pw_uid if who else None,
                group=who.pw_gid if who else None,
                extra_groups=[] if who else None,
                stdout=subprocess.DEVNULL,
            )

        run("initdb", "-U", OWNER, "-A", "scram-sha-256", "--pwfile", _password_file(folder))
        # A throwaway: nothing is to survive the machine.
        options = f"-k {folder} -c listen_addresses= -c fsync=off -c deadlock_timeout=1s"
        run("pg_ctl", "-l", f"{folder}/log", "-o", options, "-w", "start")
        try:
            yield f"postgresql://{OWNER}:s3cret@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-m", "immediate", "-w", "stop")


def _password_file(folder: str) -> str:
    path = Path(folder) / "password"
    path.write_text("s3cret\n")
    path.chmod(0o644)
    return str(path)
