#!/usr/bin/env python3
"""The demonstration of `lab run short-recv` as people have it today: a server and a client, two Python programs.

`two_programs.py` plays it once; `two_programs.py compare LAB [RUNS]` times it against `LAB run short-recv --no-tui`,
turn by turn, and `LAB run nagle --no-tui` against the hold that its own trace measured.
"""
import json
import statistics
import subprocess
import sys
import time

SERVER = """
import socket
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(1)
print(listener.getsockname()[1], flush=True)
connection, _ = listener.accept()
first = connection.recv(2)
second = connection.recv(10)
print("----->", first.decode())
print("----->", second.decode())
"""

CLIENT = """
import socket, sys
connection = socket.socket()
connection.connect(("127.0.0.1", int(sys.argv[1])))
connection.sendall(b"hello egg")
"""


def two_programs():
    server = subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True)
    port = server.stdout.readline().strip()
    subprocess.run([sys.executable, "-c", CLIENT, port], check=True)
    told, _ = server.communicate(timeout=10)
    assert told.split() == ["----->", "he", "----->", "llo", "egg"], told


def timed(work):
    start = time.perf_counter()
    result = work()
    return (time.perf_counter() - start) * 1e3, result


def lab(program, *arguments):
    return subprocess.run([program, "run", *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


def held_ms(lines):
    """From the first event that the kernel stamped to the departure that Nagle delayed, as the run's own trace tells."""
    departures = [event["at_ns"] for event in lines if event["event"] == "left"]
    return (departures[-1] - departures[0]) / 1e6


def row(name, values, unit):
    values = sorted(values)
    middle = statistics.median(values)
    print(f"{name:<46} min {values[0]:9.3f}  median {middle:9.3f}  max {values[-1]:9.3f} {unit}")


def first_line_ms(program):
    """From starting the process to its first line."""
    start = time.perf_counter()
    process = subprocess.Popen([program, "list"], stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    passed = (time.perf_counter() - start) * 1e3
    process.stdout.read()
    process.wait()
    return passed


def compare(program, runs):
    two_programs()
    lab(program, "short-recv", "--no-tui")
    python, rust, ratios, beyond, starts = [], [], [], [], []
    for _ in range(runs):
        a, _ = timed(two_programs)
        b, _ = timed(lambda: lab(program, "short-recv", "--no-tui"))
        python.append(a)
        rust.append(b)
        ratios.append(b / a)
        whole, told = timed(lambda: lab(program, "nagle", "--format", "json"))
        beyond.append(whole - held_ms([json.loads(line) for line in told.splitlines()]))
        starts.append(first_line_ms(program))
    print(f"{runs} rounds, turn by turn; whole processes")
    row("two Python programs", python, "ms")
    row("lab run short-recv --no-tui", rust, "ms")
    row("lab / Python (wanted: at most 0.1)", ratios, "")
    row("lab run nagle beyond the kernel's hold (15)", beyond, "ms")
    row("start to the first line of lab list (10)", starts, "ms")


if __name__ == "__main__":
    if len(sys.argv) >= 3 and sys.argv[1] == "compare":
        compare(sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 20)
    else:
        two_programs()
