"""Every packet in the JSON of a run over the wire, against what tshark reads in the capture of the same run, field by field."""
import json
import os
import shutil
import subprocess
import tempfile

from calls import Flow

FIELDS = [
    "frame.number", "ip.src", "ip.dst", "ip.len", "ip.hdr_len", "ip.id", "ip.frag_offset", "ip.flags.mf", "ip.proto",
    "ip.checksum.status", "tcp.srcport", "tcp.dstport", "tcp.len", "tcp.seq", "tcp.ack", "tcp.window_size", "tcp.flags.syn",
    "tcp.flags.fin", "tcp.flags.reset", "tcp.flags.push", "tcp.flags.ack", "tcp.options.mss_val", "tcp.options.sack_le",
    "tcp.options.sack_re", "tcp.checksum.status", "tcp.payload", "tcp.stream", "udp.srcport", "udp.dstport", "udp.length",
    "udp.checksum.status",
]
FLAGS = {"syn": "syn", "fin": "fin", "rst": "reset", "psh": "push", "ack": "ack"}
IP_HEADER, UDP_HEADER = 20, 8
GOOD = "1"
BAD = "0"


class Compared:
    """What was compared, and what did not agree."""

    def __init__(self):
        self.counts = {"packets": 0, "fields": 0}
        self.differences = []
        self.interpreted = {}

    def same(self, what, told, seen):
        self.counts["fields"] += 1
        if told != seen:
            self.differences.append(f"{what} is {told}, to tshark {seen}")


def is_here():
    """Why tshark cannot be used, or None."""
    return None if shutil.which("tshark") else "tshark is not installed"


def run(lab, case):
    """Runs a case over the wire and keeps its packets: the JSON and tshark's rows, or the reason why there is no wire."""
    with tempfile.TemporaryDirectory(prefix="lab-witness-") as folder:
        capture = os.path.join(folder, "run.pcapng")
        command = [lab, *case.arguments(), "--pcapng", capture]
        ran = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        if not os.path.exists(capture):
            return None, ran.stderr.strip()
        return ran.stdout, read(capture)


def read(capture):
    options = ["ip.defragment:FALSE", "ip.check_checksum:TRUE", "tcp.check_checksum:TRUE", "udp.check_checksum:TRUE"]
    # Ports of the wire that tshark takes for something else would be read as that.
    options += ["tcp.desegment_tcp_streams:FALSE", "tcp.relative_sequence_numbers:TRUE"]
    command = ["tshark", "-r", capture, "-T", "fields", "-E", "separator=/t", "-E", "occurrence=a", "-E", "aggregator=,"]
    command += [word for option in options for word in ("-o", option)]
    command += [word for field in FIELDS for word in ("-e", field)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    return [dict(zip(FIELDS, line.split("\t"))) for line in told.stdout.splitlines()]


def compare(stdout, rows):
    """Compares the JSON that a run printed with tshark's rows of its packets."""
    compared = Compared()
    events = [json.loads(line) for line in stdout.splitlines()]
    packets = [event for event in events if event["event"] == "packet"]
    compared.same("the number of packets", len(packets), len(rows))
    addresses = {event["endpoint"]: event for event in events if event["event"] == "opened"}
    flows = {name: Flow(name, events) for name in addresses}
    # A reset for bytes that nobody reads, and others, carry numbers of their own: what is told of a packet is the same.
    for packet, row in zip(sorted(packets, key=lambda event: event["packet"]), rows):
        compared.counts["packets"] += 1
        Row(packet, row, compared).all(addresses[packet["endpoint"]], flows[packet["endpoint"]])
    return compared


class Row:
    """One packet, twice."""

    def __init__(self, packet, row, compared):
        self.packet, self.row, self.compared = packet, row, compared

    def same(self, field, told, seen):
        self.compared.same(f"packet {self.packet['packet']}: {field}", told, seen)

    def number(self, field):
        text = self.row[field]
        return int(text, 0) if text else None

    def all(self, opened, flow):
        self.same("its number", self.packet["packet"], self.number("frame.number"))
        self.same("size", self.packet["size"], self.number("ip.len"))
        self.same("header checksum", GOOD, self.row["ip.checksum.status"])
        fragment = self.packet.get("fragment")
        self.offset(fragment["offset"] if fragment else 0, self.number("ip.frag_offset"))
        more = self.row["ip.flags.mf"] in ("1", "True")
        self.same("more fragments", bool(fragment and fragment["more"]), more)
        if self.packet.get("tcp"):
            self.tcp(opened, flow)
        else:
            self.udp(opened, fragment)

    def offset(self, told, seen):
        if told and told == 8 * seen:
            why = "this tshark shows a fragment's offset as it stands in the header, in units of 8 bytes (RFC 791); told are bytes"
            self.compared.interpreted[why] = self.compared.interpreted.get(why, 0) + 1
            seen *= 8
        self.same("fragment offset", told, seen)

    def ends(self, opened, kind):
        for end, address, port in (("local", "ip.src", "srcport"), ("peer", "ip.dst", "dstport")):
            self.same(f"{end} address", opened[end], f"{self.row[address]}:{self.row[f'{kind}.{port}']}")

    def tcp(self, opened, flow):
        told = self.packet["tcp"]
        self.ends(opened, "tcp")
        self.same("payload", self.packet["payload"], self.number("tcp.len"))
        self.same("sequence number", told["sequence"], self.number("tcp.seq"))
        set_ = [name for name, field in FLAGS.items() if self.row[f"tcp.flags.{field}"] in ("1", "True")]
        self.same("flags", sorted(told["flags"]), sorted(set_))
        self.same("acknowledges", told.get("acknowledges"), self.number("tcp.ack") if "ack" in set_ else None)
        self.same("window", told["window"], self.number("tcp.window_size"))
        self.same("mss", told.get("mss"), self.number("tcp.options.mss_val"))
        edges = [[int(edge) for edge in self.row[f"tcp.options.sack_{side}"].split(",") if edge] for side in ("le", "re")]
        self.same("SACK blocks", told.get("sack", []), [list(pair) for pair in zip(*edges)])
        self.same("checksum", GOOD, self.row["tcp.checksum.status"])
        if self.packet["payload"]:
            self.same("start", self.packet["start"], self.number("tcp.seq") - 1)
            self.bytes(flow)

    def bytes(self, flow):
        """The bytes themselves are those of the messages at that place of the flow."""
        carried = bytes.fromhex(self.row["tcp.payload"].replace(":", ""))
        start, end = self.packet["start"], self.packet["start"] + len(carried)
        for number, message in flow.messages.items():
            low, high = max(start, message["start"]), min(end, message["start"] + message["len"])
            if low < high:
                self.same(f"bytes of m{number}", True, flow.agrees(number, low, carried[low - start : high - start]))

    def udp(self, opened, fragment):
        self.same("protocol", 17, self.number("ip.proto"))
        inside = self.number("ip.len") - self.number("ip.hdr_len")
        first = not fragment or fragment["offset"] == 0
        self.same("payload", self.packet["payload"], inside - (UDP_HEADER if first else 0))
        if first:
            self.ends(opened, "udp")
        if not fragment:
            self.same("length of the datagram", self.packet["payload"] + UDP_HEADER, self.number("udp.length"))
            self.same("checksum", GOOD, self.row["udp.checksum.status"])


def cases(cases_, every):
    """What goes over the wire: the scenarios about packets; with `every` all others over TCP and UDP as well."""
    found = [case for case in cases_ if case.over_wire]
    if every:
        named = {case.name for case in found}
        for case in cases_:
            if not case.over_wire and not case.settings and case.transport in ("tcp", "udp"):
                moved = case.over("wire")
                if moved.name not in named:
                    found.append(moved)
    return found
