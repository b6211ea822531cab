"""Runs a program under strace, and reads what strace wrote: the system calls of one process, in the order in which they ended."""
import os
import re
import shutil
import subprocess
import tempfile

# What the calls are about; waiting is left out, so that watching disturbs less.
TRACED = (
    "network,openat,read,write,readv,writev,ioctl,fcntl,pipe,pipe2,close,dup,dup2,dup3,clone,clone3,fork,vfork"
)
# Bytes of a buffer that are kept of each call.
KEPT = 70_000


class Call:
    """One system call: `result` is what it returned, `error` the name of its errno or None."""

    __slots__ = ("thread", "name", "arguments", "result", "error", "injected", "began", "order")

    def __init__(self, thread, name, arguments, result, error, injected, began, order):
        self.thread, self.name, self.arguments = thread, name, arguments
        self.result, self.error, self.injected = result, error, injected
        self.began, self.order = began, order

    def __repr__(self):
        told = f"{self.name}({', '.join(argument[:40] for argument in self.arguments)})"
        return f"{told} = {self.error or self.result}"


class Ran:
    """A program that was run: what it said, how it ended, and its log."""

    def __init__(self, code, stdout, stderr, log):
        self.code, self.stdout, self.stderr, self.log = code, stdout, stderr, log


def is_here():
    """Why strace cannot be used, or None."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, text=True)
    return None if tried.returncode == 0 else f"strace may not trace here: {tried.stderr.strip()}"


def run(command, inject=(), traced=TRACED, environment=None, deadline=120):
    """Runs a command under strace; `inject` are expressions of its `--inject`."""
    with tempfile.TemporaryDirectory(prefix="lab-witness-") as folder:
        log = os.path.join(folder, "log")
        # Calls that are to fail are counted by strace itself, in each thread, so it must stop at all of them.
        fast = ["--seccomp-bpf"]
        tracer = ["strace", "-f", *fast, "-xx", "-s", str(KEPT), "-e", f"trace={traced}", "-e", "signal=none"]
        tracer += [word for one in inject for word in ("-e", f"inject={one}")]
        environment = {"LANG": "C.UTF-8", "PATH": os.environ.get("PATH", ""), **(environment or {})}
        made = subprocess.Popen(
            [*tracer, "-o", log, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            start_new_session=True,
        )
        try:
            stdout, stderr = made.communicate(timeout=deadline)
        except subprocess.TimeoutExpired:
            os.killpg(made.pid, 9)
            stdout, stderr = made.communicate()
            return Ran(None, stdout, stderr, read_log(log))
        return Ran(made.returncode, stdout, stderr, read_log(log))


def read_log(path):
    with open(path, encoding="ascii", errors="replace") as file:
        return file.read()


LINE = re.compile(r"(\d+) +(.*)$")
UNFINISHED = " <unfinished ...>"
RESUMED = re.compile(r"<\.\.\. (\w+) resumed>(.*)$")
ENDED = re.compile(r"(.*)\) += (-?\d+|0x[0-9a-f]+|\?)(?: (E[A-Z0-9]+)\b[^(]*(?:\([^)]*\))?)?(.*)$", re.S)


def calls(log):
    """The calls of the process that was started, all its threads, in the order in which they ended. Other processes are left
    out: the lab's helpers, and the programs that it runs."""
    found, begun, threads = [], {}, None
    lines = [(int(line[1]), line[2]) for line in map(LINE.match, log.splitlines()) if line]
    own = threads_of(lines)
    for order, (thread, text) in enumerate(lines):
        if thread not in own:
            continue
        if text.endswith(UNFINISHED):
            begun[thread] = (text[: -len(UNFINISHED)], order)
            continue
        began = order
        if resumed := RESUMED.match(text):
            if thread not in begun:
                continue
            start, began = begun.pop(thread)
            text = start + resumed[2]
        if call := parse(thread, text, began, order):
            found.append(call)
    return found


SETTING = re.compile(r'openat\(AT_FDCWD, "((?:\\x[0-9a-f]{2})*)", .*\) += (\d+)')
SET = re.compile(r'write\((\d+), "((?:\\x[0-9a-f]{2})*)", \d+\) += \d+')


def settings(log):
    """What was written to files below /proc/sys, by whichever process: (path, text)."""
    opened, found, begun = {}, [], {}
    for line in filter(None, map(LINE.match, log.splitlines())):
        thread, text = line[1], line[2]
        if text.endswith(UNFINISHED):
            begun[thread] = text[: -len(UNFINISHED)]
            continue
        if resumed := RESUMED.match(text):
            text = begun.pop(thread, "") + resumed[2]
        if made := SETTING.match(text):
            opened[thread, made[2]] = bytes.fromhex(made[1].replace("\\x", "")).decode(errors="replace")
        elif (wrote := SET.match(text)) and opened.get((thread, wrote[1]), "").startswith("/proc/sys/"):
            value = bytes.fromhex(wrote[2].replace("\\x", "")).decode(errors="replace")
            found.append((opened[thread, wrote[1]], value))
    return found


def threads_of(lines):
    """The threads of the first process of the log."""
    if not lines:
        return set()
    group = {lines[0][0]: lines[0][0]}
    begun = {}
    for thread, text in lines:
        if text.startswith(("clone", "vfork", "fork")):
            if text.endswith(UNFINISHED):
                begun[thread] = text
                continue
        elif (resumed := RESUMED.match(text)) and thread in begun and resumed[1] in ("clone", "clone3", "vfork", "fork"):
            text = begun.pop(thread) + resumed[2]
        else:
            continue
        made = re.search(r"\) += (\d+)", text)
        # Of clone3 the result stands behind the structure it was given.
        if made:
            child = int(made[1])
            group[child] = group.get(thread, thread) if "CLONE_THREAD" in text else child
    first = lines[0][0]
    return {thread for thread, leader in group.items() if leader == first}


def parse(thread, text, began, order):
    name, opening, rest = text.partition("(")
    ended = ENDED.match(rest) if opening else None
    if not ended or not name.isidentifier():
        return None
    result = ended[2]
    result = None if result == "?" else int(result, 0)
    return Call(thread, name, split(ended[1]), result, ended[3], "(INJECTED)" in ended[4], began, order)


def split(text):
    """Arguments, split at the commas that stand outside of brackets and strings."""
    found, depth, start, quoted = [], 0, 0, False
    for match in re.finditer(r'[\[\]{}(),"]', text):
        sign, at = match[0], match.start()
        if sign == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif sign in "[{(":
            depth += 1
        elif sign in "]})":
            depth -= 1
        elif depth == 0:
            found.append(text[start:at].strip())
            start = at + 1
    last = text[start:].strip()
    return found + [last] if last or found else []


def data(argument):
    """The bytes of a buffer as strace prints them with -xx, and whether these are all of them."""
    match = re.match(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?', argument)
    if not match:
        return b"", False
    return bytes.fromhex(match[1].replace("\\x", "")), match[2] is None


def number(argument):
    """An argument that is a number, or a number in brackets as strace prints what a pointer points to."""
    match = re.match(r"\[?(-?\d+|0x[0-9a-f]+)", argument)
    return int(match[1], 0) if match else None


def address(argument):
    """`ADDRESS:PORT` of a socket address, as the lab writes it; None for what has none."""
    text = re.sub(r'"((?:\\x[0-9a-f]{2})*)"', lambda quoted: data(quoted[0])[0].decode("latin-1"), argument)
    if match := re.search(r"sin_port=htons\((\d+)\), sin_addr=inet_addr\(([^)]*)\)", text):
        return f"{match[2]}:{match[1]}"
    if match := re.search(r"sin6_port=htons\((\d+)\).*inet_pton\(AF_INET6, ([^,]*),", text):
        return f"[{match[2]}]:{match[1]}"
    return None
