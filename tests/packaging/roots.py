"""Bare Debian roots to install the package into, and to build it in.

They are made below build/ with the machine's own package sources, and each is
used through an overlay, so that it stays bare.
"""

import pathlib
import shutil
import subprocess
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
FOLDER = REPOSITORY / "build/packaging"
HERE = "bookworm"  # what this machine's sources are for
NAMES = {"12": "bookworm", "13": "trixie"}
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root",
               "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
# Run in front of another command, with a folder and where it is to be as well.
BIND = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'


def run(*command, **how):
    how.setdefault("check", True)
    return subprocess.run(list(map(str, command)), text=True,
                          stdin=subprocess.DEVNULL, **how)


def output(*command):
    return run(*command, stdout=subprocess.PIPE).stdout


def sources(name):
    """This machine's own lines of apt for Debian, for another release."""
    lines = output("apt-get", "indextargets", "--format",
                   "$(SITE) $(RELEASE) $(COMPONENT)", "Created-By: Packages")
    found = sorted({line for line in lines.splitlines()
                    if line.split()[1].startswith(HERE)})
    if not found:
        sys.exit(f"This machine has no package sources of Debian {HERE}.")
    return ["deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] "
            + line.replace(HERE, name) for line in found]


def bootstrap(release):
    """The bare root of that release; made once."""
    root = FOLDER / f"debian-{release}"
    done = FOLDER / f"debian-{release}.done"
    if done.exists():
        return root
    FOLDER.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(root, ignore_errors=True)
    # How this machine reaches them: proxies, retries.
    settings = FOLDER / f"apt-{release}.conf"
    settings.write_text("".join(
        line + "\n" for line in output("apt-config", "dump").splitlines()
        if line.startswith(("Acquire::http", "Acquire::Retries"))))
    with open(FOLDER / f"debian-{release}.log", "w", encoding="utf-8") as log:
        run("mmdebstrap", "--variant=minbase", f"--aptopt={settings}",
            "--skip=cleanup/apt/lists", NAMES[release], root,
            *sources(NAMES[release]), stdout=log, stderr=log)
    done.touch()
    return root


class Root:
    """An overlay over a bare root, gone with the `with` block."""

    def __init__(self, release, name):
        self.release = release
        self.path = FOLDER / f"{name}-{release}"
        self.binds = []

    def __enter__(self):
        lower = bootstrap(self.release)
        upper, work = (self.path.with_suffix(end) for end in (".upper", ".work"))
        for folder in (upper, work, self.path):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        run("mount", "-t", "overlay", "overlay", "-o",
            f"lowerdir={lower},upperdir={upper},workdir={work}", self.path)
        # A service must not start here: there is nothing to run it.
        self.write("usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", 0o755)
        # Nothing here outlives the test: no need to wait for the disk.
        self.write("etc/dpkg/dpkg.cfg.d/test", "force-unsafe-io\n")
        for file in ("etc/resolv.conf", "etc/hosts"):
            if pathlib.Path("/", file).exists():
                shutil.copy(pathlib.Path("/", file), self.path / file)
        return self

    def __exit__(self, *_):
        run("umount", self.path)
        for path in (self.path, self.path.with_suffix(".upper"),
                     self.path.with_suffix(".work")):
            shutil.rmtree(path)

    def write(self, name, text, mode=0o644):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)
        return path

    def share(self, folder, inside):
        """A folder of this machine, for what is run from now on.

        It is mounted for those commands alone, so that whatever removes the
        root, even after a crash, cannot meet it.
        """
        target = self.path / inside
        for path in (folder, target):
            path.mkdir(parents=True, exist_ok=True)
        self.binds += ["sh", "-c", BIND, "bind", folder, target]

    def run(self, *command, **how):
        """Inside, as root, with processes and mounts of its own."""
        how.setdefault("env", ENVIRONMENT)
        return run("unshare", "--mount", "--pid", "--ipc", "--uts", "--fork",
                   "--kill-child", f"--mount-proc={self.path}/proc",
                   *self.binds, "chroot", self.path, *command, **how)

    def output(self, *command, **how):
        return self.run(*command, stdout=subprocess.PIPE, **how).stdout

    def quietly(self, *command):
        """A command whose words come out only when it fails."""
        done = self.run(*command, check=False, stdout=subprocess.PIPE,
                        stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise AssertionError(f"{command}:\n{done.stdout}")

    def apt(self, *arguments):
        self.quietly("apt-get", "-qq", "--yes", "--no-install-recommends",
                     *arguments)

    def files(self):
        """All paths but those of apt's and dpkg's own books and of logs."""
        skip = ("./proc", "./sys", "./dev", "./var/lib/dpkg", "./var/lib/apt",
                "./var/cache", "./var/log", "./tmp")
        prune = " -o ".join(f"-path {folder}" for folder in skip)
        return set(self.output("sh", "-c", f"cd / && find . \\( {prune} \\) "
                               "-prune -o -print").splitlines())


def use_compiler_cache(root):
    """Of this machine's ccache, a part for that release's version of it."""
    folder = output("ccache", "--get-config", "cache_dir").strip()
    root.apt("install", "ccache")
    root.share(pathlib.Path(folder, f"debian-{root.release}"),
               "root/.cache/ccache")


def build(release):
    """Builds the package as a user would, in a bare root; returns its path."""
    target = FOLDER / f"packages-{release}"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    with Root(release, "build") as root:
        files = output("git", "-C", REPOSITORY, "-c",
                       f"safe.directory={REPOSITORY}", "ls-files", "-z",
                       "--", ":!tests").split("\0")
        for file in filter(None, files):
            (root.path / "src" / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / file, root.path / "src" / file)
        if shutil.which("ccache"):
            use_compiler_cache(root)
        root.run("/src/run", "package", "/packages")
        for package in (root.path / "packages").glob("*.deb"):
            shutil.copy(package, target)
    return next(target.glob("*.deb"))
