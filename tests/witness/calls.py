"""Every send, receive, option and result in the JSON of a run, against the system calls that strace saw, call by call."""
import errno
import json

import strace
from kernel import Kernel

# Set by the lab itself before each call, as the kernel forgets it; the JSON says so once.
REPEATED = {"TCP_QUICKACK"}
# By this setting the networks of a wire send no tail loss probes.
PROBES, PROBES_FILE = "tcp_early_retrans", "/proc/sys/net/ipv4/tcp_early_retrans"
# Errors after which there is no connection any more.
GONE = {"ECONNRESET", "EPIPE", "ECONNABORTED", "ETIMEDOUT"}


class Compared:
    """What was compared, and what did not agree. A difference of interpretation is no difference: it is counted with its reason."""

    def __init__(self):
        self.counts = {"sends": 0, "receives": 0, "options": 0, "queue answers": 0, "counters": 0, "stamps": 0, "ends": 0}
        self.differences = []
        self.settings = []
        self.interpreted = {}

    def differs(self, what):
        self.differences.append(what)

    def interprets(self, why):
        self.interpreted[why] = self.interpreted.get(why, 0) + 1


def compare(stdout, log):
    """Compares the JSON that a run printed with the log of the same run."""
    compared = Compared()
    try:
        events = [json.loads(line) for line in stdout.splitlines()]
    except ValueError as error:
        compared.differs(f"the output is no JSON: {error}")
        return compared
    kernel = Kernel(log)
    compared.settings = strace.settings(log)
    names = [event["endpoint"] for event in events if event.get("event") == "opened"]
    if len(names) != len(kernel.endpoints):
        compared.differs(f"{len(names)} endpoints in the JSON, {len(kernel.endpoints)} in the log")
        return compared
    flows = {name: Flow(name, events) for name in names}
    for name, endpoint in zip(names, kernel.endpoints):
        own = [event for event in events if event.get("endpoint") == name]
        side = Side(name, own, endpoint, flows[name], compared)
        side.opened()
        side.sends()
        side.receives()
        side.options()
        side.answers()
        if peer := dict(pairs(names)).get(name):
            side.datagrams_waiting(events, peer)
        side.stamps()
        side.ends()
    for one, other in zip(kernel.endpoints[::2], kernel.endpoints[1::2]):
        if None not in (one.local, other.peer) and one.local != other.peer:
            compared.differs(f"{one.local} and {other.peer} are not the two names of one end")
    return compared


def pairs(names):
    """Each endpoint with the other end of its connection: they come in pairs."""
    for one, two in zip(names[::2], names[1::2]):
        yield from ((one, two), (two, one))


class Flow:
    """The bytes of each message as the JSON keeps them."""

    def __init__(self, name, events):
        self.messages = {
            event["message"]: event for event in events if event.get("event") == "message" and event["endpoint"] == name
        }

    def agrees(self, message, start, sent):
        """Whether bytes that were sent at `start` of the flow are those of the message, as far as it keeps them."""
        kept = self.messages[message]
        at = start - kept["start"]
        head, tail = bytes.fromhex(kept["hex"]), bytes.fromhex(kept.get("tail", ""))
        runs = [(0, head), (kept["len"] - len(tail), tail)]
        for begins, run in runs:
            low, high = max(begins, at), min(begins + len(run), at + len(sent))
            if low < high and run[low - begins : high - begins] != sent[low - at : high - at]:
                return False
        return 0 <= at and at + len(sent) <= kept["len"]

    def of(self, start):
        return next((number for number, kept in self.messages.items() if kept["start"] == start and kept["len"]), None)


class Told:
    """A call as the JSON tells it."""

    def __init__(self, call):
        self.call = call
        self.blocked, self.result, self.failed = False, None, None


class Side:
    """One end of a connection."""

    def __init__(self, name, events, endpoint, flow, compared):
        self.name, self.events, self.endpoint, self.flow, self.compared = name, events, endpoint, flow, compared

    def differs(self, what):
        self.compared.differs(f"{self.name}: {what}")

    def of(self, *kinds):
        return [event for event in self.events if event["event"] in kinds]

    def opened(self):
        opened = self.of("opened")[0]
        for end in ("local", "peer"):
            seen = getattr(self.endpoint, end)
            # A unix socket and a pipe have no name; a name that was asked for in vain is not measured.
            if opened.get(end) not in ((seen,) if seen else (None, "unnamed")):
                self.differs(f"{end} address {opened.get(end)} is {seen} to the kernel")

    def told(self, direction):
        """The calls that the JSON tells, in order: single ones, and folded ones."""
        found = []
        for event in self.events:
            kind = event["event"]
            if kind == f"{direction}_call":
                found.append(Told(event))
            elif kind == "calls" and event["call"] == direction:
                found.append(event)
            elif kind == "blocked" and event["call"] == direction:
                found[-1].blocked = True
            elif kind == direction:
                if not found or found[-1].result or isinstance(found[-1], dict):
                    self.differs(f"a {direction} that nothing has begun: {event}")
                    continue
                found[-1].result = event
            elif kind == "failed" and event["call"] == direction:
                if found and isinstance(found[-1], Told) and not found[-1].failed:
                    found[-1].failed = event
                else:
                    found.append(event)
        return found

    def sends(self):
        attempts = Attempts(self.endpoint.sends, lambda call: strace.number(call.arguments[2]))
        for told in self.told("send"):
            if isinstance(told, Told):
                self.compared.counts["sends"] += 1
                self.send(told, attempts)
            elif told["event"] == "calls":
                self.compared.counts["sends"] += told["calls"]
                self.folded(told, attempts, whole=True)
            else:
                self.failed_in_a_fold(told, attempts)
        self.left_over(attempts, "send")

    def send(self, told, attempts):
        asked, taken, blocked, error = told.call["asked"], 0, False, None
        while True:
            call = attempts.next()
            if call is None:
                break
            if attempts.size(call) != asked - taken:
                self.differs(f"send of {asked - taken} bytes, to the kernel of {attempts.size(call)}")
                return
            attempts.take()
            if call.error in ("EAGAIN", "EINTR"):
                blocked |= call.error == "EAGAIN"
                if call.error == "EAGAIN" and told.call.get("nonblocking"):
                    error = call.error
                    break
                continue
            if call.error:
                error = call.error
                break
            sent, _ = strace.data(call.arguments[1])
            start = (told.result or {"start": None})["start"]
            if start is not None and not self.flow.agrees(told.call["message"], start + taken, sent[: call.result]):
                self.differs(f"the bytes of {told.call} are not those that the kernel was given")
            taken += call.result
            if taken >= asked or told.call.get("nonblocking"):
                break
        returned = told.result["returned"] if told.result else None
        if returned is None and taken and not error and attempts.next() is None:
            # The run ended while the call went on.
            pass
        elif (returned or 0) != taken:
            self.differs(f"send of {asked} returned {returned}, to the kernel {taken}")
        if told.blocked != blocked and not told.call.get("nonblocking"):
            self.differs(f"send of {asked}: blocked is {told.blocked}, to the kernel {blocked}")
        self.error(told.failed, error, f"send of {asked}")

    def receives(self):
        attempts = Attempts(self.endpoint.recvs, lambda call: strace.number(call.arguments[2]))
        unfinished = False
        for told in self.told("recv"):
            if isinstance(told, Told):
                self.compared.counts["receives"] += 1
                unfinished = self.receive(told, attempts, unfinished)
            elif told["event"] == "calls":
                self.compared.counts["receives"] += told["calls"]
                self.folded(told, attempts, whole=False)
            else:
                self.failed_in_a_fold(told, attempts)
        self.left_over(attempts, "recv")

    def receive(self, told, attempts, unfinished):
        asked, blocked, error, got = told.call["asked"], False, None, None
        ends = told.result is not None or told.failed is not None
        while (call := attempts.next()) is not None:
            if attempts.size(call) != asked:
                if ends:
                    self.differs(f"recv of {asked}, to the kernel of {attempts.size(call)}")
                return True
            if call.error not in ("EAGAIN", "EINTR") and not ends:
                # The call that follows it: this one was given up.
                return True
            attempts.take()
            if call.error in ("EAGAIN", "EINTR"):
                blocked |= call.error == "EAGAIN"
                continue
            got, error = call, call.error
            break
        if told.result:
            self.received(told.result, got, asked)
        if ends and told.blocked != blocked and not (unfinished and told.blocked):
            self.differs(f"recv of {asked}: blocked is {told.blocked}, to the kernel {blocked}")
        if ends:
            self.error(told.failed, error, f"recv of {asked}")
        return not ends

    def received(self, result, call, asked):
        if call is None or call.error:
            self.differs(f"{result} never returned so to the kernel")
            return
        whole = call.result
        returned = min(whole, asked)
        if result["returned"] != returned:
            self.differs(f"recv of {asked} returned {result['returned']}, to the kernel {returned}")
        if "datagram" in result and result["datagram"] != whole:
            self.differs(f"a datagram of {result['datagram']} bytes has {whole} to the kernel")
        bytes_, _ = strace.data(call.arguments[1])
        kept = result.get("hex")
        if kept is not None and bytes.fromhex(kept)[: len(bytes_)] != bytes_[:returned]:
            self.differs(f"recv of {asked} returned other bytes: {kept[:80]}, to the kernel {bytes_.hex()[:80]}")

    def folded(self, told, attempts, whole):
        """Many calls told in one event. Each ends when the kernel has taken all it was handed, or has given something."""
        moved = calls = blocked = largest = 0
        message = self.flow.of(told["start"]) if told["call"] == "send" else None
        while moved < told["bytes"] and (call := attempts.next()) is not None:
            asked, taken, waited = attempts.size(call), 0, False
            largest = max(largest, asked)
            while (call := attempts.next()) is not None:
                attempts.take()
                if call.error in ("EAGAIN", "EINTR"):
                    waited |= call.error == "EAGAIN"
                    continue
                if call.error:
                    break
                bytes_, _ = strace.data(call.arguments[1])
                at = told["start"] + moved + taken
                if message is not None and not self.flow.agrees(message, at, bytes_[: call.result]):
                    self.differs(f"bytes from {at} on are not those that the kernel was given")
                taken += call.result
                if not whole or taken >= asked or call.result == 0:
                    break
            moved, calls, blocked = moved + taken, calls + 1, blocked + waited
        seen = {"calls": calls, "bytes": moved, "blocked": blocked, "largest": largest}
        for field, value in seen.items():
            if told[field] != value:
                self.differs(f"folded {told['call']}: {field} is {told[field]}, to the kernel {value}")

    def failed_in_a_fold(self, told, attempts):
        """A folded call that failed is told by its failure alone."""
        while (call := attempts.next()) is not None and call.error in ("EAGAIN", "EINTR"):
            attempts.take()
        if call is not None and call.error:
            attempts.take()
        self.error(told, call.error if call else None, f"folded {told['call']}")

    def error(self, failed, error, what):
        if not failed and not error:
            return
        name = errno.errorcode.get(failed["errno"]) if failed else None
        if name == error:
            return
        if failed and not error and name in self.endpoint.met:
            self.endpoint.met.remove(name)
            self.compared.interprets("an error that a look at the queue has met is reported by the next call")
            return
        self.differs(f"{what}: the error is {name}, to the kernel {error}")

    def left_over(self, attempts, what):
        rest = [call for call in attempts.rest() if call.error not in ("EAGAIN", "EINTR")]
        if rest:
            self.differs(f"{len(rest)} {what} calls that the JSON does not tell, the first {rest[0]}")

    def options(self):
        """Each option once, but those that are set anew before each call; an option that was refused is not told."""
        seen = [(name, value) for name, value, error in self.endpoint.options if not error]
        told = [(event["option"], event["value"]) for event in self.of("option_set")]
        told += [("TCP_CORK", int(event["on"])) for event in self.of("corked")]
        for pair in told:
            self.compared.counts["options"] += 1
            if pair in seen:
                seen.remove(pair)
            elif pair[0] == PROBES and self.compared.settings.count((PROBES_FILE, str(pair[1]))) == 2:
                # No option of a socket: the wire's helper writes it in both networks.
                continue
            else:
                self.differs(f"{pair[0]} is said to be {pair[1]}, to the kernel it is not")
        rest = [pair for pair in seen if not (pair[0] in REPEATED and pair in told)]
        if rest:
            self.differs(f"options that the JSON does not tell: {rest}")

    def answers(self):
        """What the kernel was asked is told where it is news: without repetitions both are the same list."""
        told = self.of("queues")
        if told and not self.endpoint.is_datagram:
            seen = [(*queued_of(answer), answer[0]) for answer in self.endpoint.queues]
            told = [(one["unsent"], one["unacknowledged"], one["waiting"]) for one in told]
            self.compared.counts["queue answers"] += self.in_order("the queues", told, seen, self.reads_as)
        elif told:
            seen = [answer for _, answer in self.endpoint.dropped]
            drops = [one.get("dropped") for one in told]
            self.compared.counts["queue answers"] += self.in_order("dropped datagrams", drops, seen)
        told = [tuple(one[field] for field in ("sent", "received", "data_sent", "mss")) for one in self.of("segments")]
        fields = ("sent", "received", "data_sent", "mss")
        seen = [answer and tuple(answer[field] for field in fields) for _, answer in self.endpoint.infos]
        self.compared.counts["counters"] += self.in_order("the counters", told, seen)

    def datagrams_waiting(self, events, other):
        """What waits is what the other side has sent and this one not read: of loopback, as long as nothing was dropped."""
        if not self.endpoint.is_datagram or any(event["event"] == "packet" for event in events):
            return
        waiting = 0
        for event in events:
            kind = event["event"]
            if kind == "send" and event["endpoint"] == other:
                waiting += event["returned"]
            elif event.get("endpoint") != self.name:
                continue
            elif kind == "recv":
                waiting -= event.get("datagram", event["returned"])
            elif kind == "queues" and event.get("dropped") != 0:
                # Which of them were dropped, or whether any was, nobody knows.
                return
            elif kind == "queues" and event["waiting"] is not None:
                self.compared.counts["queue answers"] += 1
                if event["waiting"] != waiting:
                    self.differs(f"{event['waiting']} bytes wait, of what the kernel was given {waiting}")

    def reads_as(self, told, seen):
        """Whether an answer about the queues is told, as it is or as it has to be read."""
        *answer, order = seen
        if told == tuple(answer):
            return True
        if told[2] != answer[2] or None in answer:
            return False
        before = [call for call in self.endpoint.shutdowns if call.order < order]
        if before and told[0] == answer[0] and told[1] == answer[1] - 1:
            self.compared.interprets("SIOCOUTQ counts the FIN, which is no byte of a message")
            return True
        failed = [call for call in self.endpoint.sends + self.endpoint.recvs if call.error in GONE and call.order < order]
        if failed and told[0] in (None, 0) and told[1] in (None, 0):
            self.compared.interprets("after a reset the send queue is gone, and SIOCOUTQ keeps its old figure")
            return True
        return False

    def in_order(self, what, told, seen, agree=lambda told, seen: told == seen):
        at = 0
        for number, answer in enumerate(told):
            while at < len(seen) and not agree(answer, seen[at]):
                at += 1
            if at == len(seen):
                self.differs(f"{what}: {answer} (number {number}) is no answer of the kernel's behind the ones before")
                return number
        return len(told)

    def stamps(self):
        """Every departure and acknowledgement that is told has a stamp of the kernel's."""
        stream = not self.endpoint.is_datagram
        spans = spans_of(self.endpoint.sends)
        shift = None
        for kind in ("left", "acknowledged"):
            seen = dict(reversed([(number, time) for name, number, time in self.endpoint.stamps if name == kind]))
            for event in self.of(kind):
                self.compared.counts["stamps"] += 1
                # Of a stream the id is the offset of the last byte, of datagrams their number.
                span = (event["start"], event["end"])
                number = event["end"] - 1 if stream else next((at for at, one in spans.items() if one == span), None)
                time = seen.get(number)
                if time is None:
                    self.differs(f"{kind} {span}: no stamp of the kernel's says so")
                    continue
                # Both clocks are read at each look, so what is told differs from the stamps by one distance, about.
                shift = time - event["at_ns"] if shift is None else shift
                beside = (time - event["at_ns"] - shift) / 1e6
                if stream and abs(beside) > 2:
                    self.differs(f"{kind} {span}: {beside} ms beside the stamp")

    def ends(self):
        told, seen = self.of("half_closed"), [call for call in self.endpoint.shutdowns if not call.error]
        self.compared.counts["ends"] += len(told)
        if len(told) != len(seen):
            self.differs(f"{len(told)} shutdowns, to the kernel {len(seen)}")
        closed = self.of("closed")
        self.compared.counts["ends"] += len(closed)
        if closed and not self.endpoint.closed:
            self.differs("closed, to the kernel it is open")


class Attempts:
    """What the kernel was asked for, one after the other; a call of the lab's may take several."""

    def __init__(self, calls, size):
        self.calls, self.size, self.at = calls, size, 0

    def next(self):
        return self.calls[self.at] if self.at < len(self.calls) else None

    def take(self):
        self.at += 1

    def rest(self):
        return self.calls[self.at :]


def spans_of(sends):
    """Where each datagram lies in the flow, as the kernel took them."""
    found, at = {}, 0
    for call in sends:
        if not call.error:
            found[len(found)] = (at, at + call.result)
            at += call.result
    return found


def queued_of(answer):
    _, queued, unsent, waiting = answer
    unacknowledged = max(queued - unsent, 0) if None not in (queued, unsent) else None
    return unsent, unacknowledged, waiting
