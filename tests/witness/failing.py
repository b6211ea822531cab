"""Runs in which single system calls are made to fail (strace's injection), judged by what the run then says.

A run may say what it says without the failure, if the calls that strace saw agree; it may say that something was not measured;
or it may end with exit code 2 and a message that names operation and side. It may not panic, hang, blame the scenario, or
claim to have seen what could not be seen.

Out: failures before `main`, in the loader and in the allocator; close(2), which on Linux closes whatever it returns, while an
injected failure would leave the descriptor open.
"""
import json
import re

import calls
import catalogue
import strace
from kernel import Kernel

TRACED = strace.TRACED + ",poll,ppoll,epoll_wait,wait4,waitid,execve,kill,statfs,fstatfs,mkdir,mkdirat,openat,renameat,unlinkat,pread64,unshare"

# For each call, errors that the kernel could answer with, and that no peer brings about.
ERRORS = {
    "socket": ["EMFILE", "EPERM"],
    "socketpair": ["EMFILE"],
    "pipe2": ["EMFILE"],
    "bind": ["EACCES"],
    "listen": ["ENOMEM"],
    "connect": ["EPERM"],
    "accept4": ["EMFILE"],
    "getsockname": ["ENOBUFS"],
    "getpeername": ["ENOBUFS"],
    "setsockopt": ["ENOMEM", "EPERM"],
    "getsockopt": ["EPERM"],
    "ioctl": ["EPERM"],
    "fcntl": ["EPERM"],
    "sendto": ["ENOMEM", "EPERM"],
    "recvfrom": ["ENOMEM"],
    "recvmsg": ["ENOMEM"],
    "sendmsg": ["ENOMEM"],
    "read": ["EIO"],
    "write": ["EIO", "ENOSPC"],
    "poll": ["ENOMEM"],
    "ppoll": ["ENOMEM"],
    "shutdown": ["ENOBUFS"],
    "clone": ["EAGAIN"],
    "clone3": ["EAGAIN"],
    "vfork": ["EAGAIN"],
    "wait4": ["EPERM"],
    "waitid": ["EPERM"],
    "openat": ["EMFILE"],
    "mkdir": ["EACCES"],
    "mkdirat": ["EACCES"],
    "renameat": ["EACCES"],
    "unlinkat": ["EACCES"],
    "fstatfs": ["EPERM"],
    "unshare": ["EPERM"],
}

# What is run: each transport, a command, a file, the wire.
DEFAULT = [
    ("nagle", {}),
    ("short-recv", {}),
    ("udp-truncation", {}),
    ("boundary-zoo", {"transport": "unix-stream"}),
    ("boundary-zoo", {"transport": "unix-datagram"}),
    ("boundary-zoo", {"transport": "pipe"}),
    ("pipe-deadlock", {"reading": "together"}),
    ("remote-command-tcp", {}),
    ("file-transfer", {}),
    ("ftp-put", {}),
    ("handshake", {}),
    ("nagle", {"link": "wire"}),
    ("udp-loss", {}),
]

# What is run beside these with --all.
MORE = [
    ("big-send", {}),
    ("write-write-read", {}),
    ("window", {}),
    ("retransmit", {}),
    ("reorder", {"transport": "udp"}),
    ("udp-limit", {}),
    ("empty-message", {"transport": "udp"}),
    ("boundary-zoo", {"transport": "unix-seqpacket"}),
    ("threaded-server", {}),
    ("auth", {}),
    ("remote-command-framed", {}),
    ("remote-command-udp", {}),
    ("half-character", {}),
    ("hostile-length", {}),
    ("struct-bytes", {}),
]

# Whether a message says what was being done, for whom; what precedes the endpoints has no side.
OPERATIONS = re.compile(
    r"socket|pipe|bind|listen|connect|accept|getsockname|set [A-Z_]+|send|recv|poll|thread|folder|file|command|wire|network"
    r"|device|packet|print|signals|shutdown|stage|descriptor|helper|standard output"
)


class Judged:
    """What a run with a failure did, and whether that is right; `wrong` says what is not."""

    def __init__(self, kind, wrong=None):
        self.kind, self.wrong = kind, wrong


def injections(log, widest):
    """Which calls are to fail: of each name the first, the second, a middle and the last that a thread makes, and from the
    first on all. Counted as strace counts, in each thread; calls that the loader makes are passed over."""
    made, loader = {}, {}
    lines = [(int(line[1]), line[2]) for line in map(strace.LINE.match, log.splitlines()) if line]
    first = lines[0][0] if lines else None
    began = False
    for thread, text in lines:
        name = re.match(r"(\w+)\(", text)
        if not name:
            continue
        # Rust's first act in `main` is to look whether the standard descriptors are open.
        if thread == first and not began:
            began = name[1] == "poll"
            loader[name[1]] = loader.get(name[1], 0) + 1
        made.setdefault(name[1], {}).setdefault(thread, 0)
        made[name[1]][thread] += 1
    found = []
    for name, errors in ERRORS.items():
        threads = made.get(name, {})
        after, most = loader.get(name, 0), max(threads.values(), default=0)
        if most <= after:
            continue
        numbers = {after + 1, after + 2, after + 3, (after + most) // 2, most} if widest else {after + 1, after + 2, most}
        whens = [str(number) for number in sorted(numbers) if after < number <= most] + [f"{after + 1}+"]
        found += [f"{name}:error={error}:when={when}" for when in whens for error in errors[: None if widest else 1]]
    return found


def runs(program, scenario, settings, widest=False):
    """Each injection and how the run was judged; the first is the run without any."""
    case = catalogue.Case({"id": scenario, "transport": "tcp"}, settings)
    command = [program, *case.arguments()]
    base = strace.run(command, traced=TRACED)
    if base.code == 2 and not base.stdout and "wire" in base.stderr:
        yield "none", Judged("no wire")
        return
    if base.code != 0:
        yield "none", Judged("exit", f"the run without a failure ended with {base.code}: {base.stderr}")
        return
    expected = verdict(base.stdout)
    for injection in injections(base.log, widest):
        ran = strace.run(command, inject=[injection], traced=TRACED, deadline=60)
        if "(INJECTED)" in ran.log:
            yield injection, judge(ran, expected)


def verdict(stdout):
    """The last line of the JSON, if it is one."""
    try:
        last = json.loads(stdout.splitlines()[-1])
    except (ValueError, IndexError):
        return None
    return last if last.get("event") == "verdict" else None


def judge(ran, expected):
    if ran.code is None:
        return Judged("hang", "it did not end within a minute")
    if "panicked" in ran.stderr or "panicked" in ran.stdout:
        return Judged("panic", f"a panic: {ran.stderr.strip()[:300]}")
    if ran.code == 1 and not injected_in_the_lab(ran.log):
        return Judged("a program's own call")
    if ran.code not in (0, 2):
        why = [one["why"]["en"] for one in (verdict(ran.stdout) or {}).get("expectations", []) if one["outcome"] == "failed"]
        return Judged("exit", f"exit code {ran.code}: {'; '.join(why)[:300] or ran.stderr.strip()[:300]}")
    found = verdict(ran.stdout)
    if found is None or (ran.code == 2 and ran.stderr):
        return told(ran)
    # The JSON of such a run must agree with the calls as any other's must.
    compared = calls.compare(ran.stdout, ran.log)
    if compared.differences:
        return Judged("told", f"told otherwise: {compared.differences[0][:300]}")
    if ran.code == 0:
        if found["knobs"] != expected["knobs"]:
            return Judged("over loopback, and says so")
        claims = [(one["expect"], one["outcome"]) for one in found["expectations"]]
        if claims != [(one["expect"], one["outcome"]) for one in expected["expectations"]]:
            return Judged("seen", f"seen, but {claims}")
        return Judged("seen")
    if found["ending"] == "broken":
        sides = {event["endpoint"] for event in events(ran.stdout)} | {"wire"}
        said = found.get("error", "")
        if said.split(":")[0] not in sides or not OPERATIONS.search(said.partition(":")[2]):
            return Judged("message", f"names no side and operation: {said}")
        return Judged("broken")
    if any(one["outcome"] == "not_measured" for one in found["expectations"]):
        return Judged("not measured")
    return Judged("message", "exit code 2 without a reason")


def injected_in_the_lab(log):
    """Whether a call of the lab's own failed. What a program that it runs could not do is that program's lesson."""
    return any(call.injected for call in strace.calls(log))


def events(stdout):
    return [event for event in map(json.loads, stdout.splitlines()) if "endpoint" in event and event["event"] != "verdict"]


def told(ran):
    if ran.code == 0:
        return Judged("seen", "exit code 0 and no verdict")
    to_standard_error = [call for call in strace.calls(ran.log) if call.name == "write" and call.arguments[0] == "2"]
    if not ran.stderr and any(call.injected for call in to_standard_error):
        return Judged("nobody to tell")
    if not OPERATIONS.search(ran.stderr):
        return Judged("message", f"names no operation: {ran.stderr.strip()[:300]}")
    return Judged("not run")
