#!/usr/bin/env python3
"""Compares what the lab tells with what others see of the same runs: strace of its calls, tshark of its packets, Python of its
structs; and makes single system calls fail to see what it then tells.

    python3 tests/witness/run.py LAB [--all] [--only PART] [--seed N] [SCENARIO …]

Parts: calls, packets, struct, failing. Without --all: the defaults of every scenario, what is about packets, 1,000 formats, one
error a call. With it: every contrast, TCP and UDP over the wire as well, 5,000 formats, more errors at more places. Each part
first shows that it notices what is wrong. Exit code 1: something differs. What was not run is said; it is no failure.
"""
import argparse
import sys
import time

import calls
import catalogue
import doctored
import failing
import packets
import strace
import struct_formats

# Differences told in full; of more only the number is given.
MOST_TOLD = 10


class Part:
    """One part: what it compared, found and could not run."""

    def __init__(self, name):
        self.name, self.began = name, time.monotonic()
        self.passed = self.failed = 0
        self.counts, self.interpreted, self.not_run = {}, {}, []
        print(f"\n== {name}", flush=True)

    def check(self, what, differences):
        """One thing that was compared."""
        if not differences:
            self.passed += 1
            return
        self.failed += 1
        print(f"{what}: {len(differences)} differences", flush=True)
        for difference in differences[:MOST_TOLD]:
            print(f"  {difference}", flush=True)

    def noticed(self, found, run=""):
        """What the part must notice."""
        for what, seen in found:
            self.check(f"doctored {run} ({what})", [] if seen else ["was not noticed"])

    def add(self, compared):
        for name, count in compared.counts.items():
            self.counts[name] = self.counts.get(name, 0) + count
        for why, count in compared.interpreted.items():
            self.interpreted[why] = self.interpreted.get(why, 0) + count

    def skip(self, what, why):
        self.not_run.append(what)
        print(f"not run: {what}: {why}", flush=True)

    def end(self):
        counted = ", ".join(f"{count:,} {name}" for name, count in self.counts.items())
        for why, count in self.interpreted.items():
            print(f"read otherwise, {count} times: {why}")
        left = f"; not run: {len(self.not_run)}" if self.not_run else ""
        took = time.monotonic() - self.began
        print(f"{self.name}: {counted}; {self.passed} agree, {self.failed} differ{left}; {took:.0f} s", flush=True)


def look_at_calls(lab, wanted):
    part = Part("calls")
    if why := strace.is_here():
        part.skip("calls", why)
        return part
    for scenario in ("nagle", "udp-truncation", "boundary-zoo"):
        part.noticed(doctored.of_calls(lab, catalogue.cases([scenario])[0]), scenario)
    part.counts = {"runs": 0}
    for case in wanted.cases():
        ran = strace.run([lab, *case.arguments()])
        if ran.code == 2 and not ran.stdout:
            part.skip(case.name, ran.stderr.strip().splitlines()[0])
            continue
        part.counts["runs"] += 1
        compared = calls.compare(ran.stdout, ran.log)
        part.add(compared)
        part.check(case.name, compared.differences)
    return part


def look_at_packets(lab, wanted):
    part = Part("packets")
    if why := packets.is_here():
        part.skip("packets", why)
        return part
    cases = packets.cases(wanted.cases(), wanted.every)
    if not cases:
        part.skip("packets", "no scenario that was named goes over the wire")
        return part
    for scenario in ("retransmit", "udp-loss"):
        found = doctored.of_packets(lab, catalogue.cases([scenario])[0])
        if found is None:
            part.skip("packets", "there is no wire here; `lab doctor` says why")
            return part
        part.noticed(found)
    part.counts = {"runs": 0}
    for case in cases:
        stdout, rows = packets.run(lab, case)
        if stdout is None:
            part.skip(case.name, rows.splitlines()[0])
            continue
        part.counts["runs"] += 1
        compared = packets.compare(stdout, rows)
        part.add(compared)
        part.check(case.name, compared.differences)
    return part


def look_at_struct(lab, wanted):
    part = Part("struct")
    part.noticed(doctored.of_struct(lab))
    count = 5000 if wanted.every else 1000
    part.counts = {"formats": count}
    compared = struct_formats.run(lab, count, wanted.seed)
    part.add(compared)
    part.passed += count - len(compared.differences)
    if compared.differences:
        part.failed -= 1
        part.check(f"seed {wanted.seed}", compared.differences)
        part.failed += len(compared.differences)
    return part


def look_at_failing(lab, wanted):
    part = Part("failing")
    if why := strace.is_here():
        part.skip("failing", why)
        return part
    part.noticed(doctored.of_failing(lab, catalogue.cases(["short-recv"])[0]))
    kinds = {}
    for scenario, settings in failing.DEFAULT + (failing.MORE if wanted.every else []):
        if wanted.ids and scenario not in wanted.ids:
            continue
        for injection, judged in failing.runs(lab, scenario, settings, wanted.every):
            if judged.kind == "no wire":
                part.skip(scenario, "there is no wire here; `lab doctor` says why")
                continue
            kinds[judged.kind] = kinds.get(judged.kind, 0) + 1
            part.check(f"{scenario} {settings or ''} {injection}", [judged.wrong] if judged.wrong else [])
    part.counts = {"failing calls": sum(kinds.values()), **kinds}
    return part


PARTS = {"calls": look_at_calls, "packets": look_at_packets, "struct": look_at_struct, "failing": look_at_failing}


class Wanted:
    """What is to be compared."""

    def __init__(self, arguments):
        self.ids, self.every, self.seed = arguments.scenarios, arguments.all, arguments.seed

    def cases(self):
        return catalogue.cases(self.ids, self.every)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lab", help="the program, for example target/release/lab")
    parser.add_argument("scenarios", nargs="*", help="ids; without any, all")
    parser.add_argument("--all", action="store_true", help="the whole catalogue with every contrast")
    parser.add_argument("--only", choices=PARTS, help="one part")
    parser.add_argument("--seed", type=int, default=20, help="of the formats")
    arguments = parser.parse_intermixed_args()
    wanted = Wanted(arguments)
    wanted.cases()
    parts = []
    for name, look in PARTS.items():
        if arguments.only in (None, name):
            part = look(arguments.lab, wanted)
            part.end()
            parts.append(part)
    print(f"\n{sum(part.passed for part in parts)} passed, {sum(part.failed for part in parts)} failed")
    return 1 if any(part.failed for part in parts) else 0


if __name__ == "__main__":
    sys.exit(main())
