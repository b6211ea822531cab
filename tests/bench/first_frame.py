#!/usr/bin/env python3
"""From the start to the first frame in a pseudo-terminal, memory at the picker, and CPU while nothing happens.

    python3 tests/bench/first_frame.py target/release/lab [RUNS]
"""
import fcntl
import os
import pty
import select
import statistics
import struct
import sys
import termios
import time

END_OF_FRAME = b"\x1b[?2026l"  # synchronized output ends: a whole frame has been written


def once(program):
    began = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        os.execv(program, [program])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    seen = b""
    while END_OF_FRAME not in seen:
        ready, _, _ = select.select([terminal], [], [], 5)
        if not ready:
            sys.exit("no frame within 5 s")
        seen += os.read(terminal, 65536)
    took = time.perf_counter() - began
    time.sleep(0.2)
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        resident = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    before = ticks(pid)
    time.sleep(1)
    idle = ticks(pid) - before
    os.write(terminal, b"\x11")  # Ctrl-Q
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:
        pass
    os.waitpid(pid, 0)
    return took * 1000, resident / 1024, idle


def ticks(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    runs = [once(sys.argv[1]) for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 9)]
    times = [took for took, _, _ in runs]
    print(f"first frame: median {statistics.median(times):.1f} ms, worst {max(times):.1f} ms, of {len(runs)}")
    print(f"resident at the picker: {max(resident for _, resident, _ in runs):.1f} MiB")
    print(f"CPU in a second of idling: {max(idle for _, _, idle in runs)} ticks of 10 ms")


main()
