"""What each witness must notice: real runs with one thing changed in what was told. A witness that agrees with them is none."""
import copy
import json

import calls
import failing
import packets
import strace
import struct_formats


def of_calls(lab, case):
    """(what was changed, whether it was noticed), for each change."""
    ran = strace.run([lab, *case.arguments()])
    if calls.compare(ran.stdout, ran.log).differences:
        return [("nothing: the run itself must agree", False)]
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    changes = [
        ("one byte of a message", changed(events, "message", "hex", lambda text: flip(text))),
        ("one byte of a read", changed(events, "recv", "hex", lambda text: flip(text))),
        ("what a send returned", changed(events, "send", "returned", lambda count: count - 1)),
        ("what a recv returned", changed(events, "recv", "returned", lambda count: count + 1)),
        ("the room of a recv", changed(events, "recv_call", "asked", lambda count: count + 1)),
        ("a queue", changed(events, "queues", "waiting", lambda count: (count or 0) + 1)),
        ("a counter", changed(events, "segments", "sent", lambda count: count + 7)),
        ("a departure", changed(events, "left", "end", lambda end: end + 1)),
        ("an address", changed(events, "opened", "peer", lambda text: text + "1")),
        ("an option", changed(events, "option_set", "value", lambda value: 1 - value)),
        ("one call dropped", without(events, "recv_call", "recv")),
        ("one send dropped", without(events, "send_call", "send")),
        ("a failure that was none", failure(events)),
    ]
    return [(what, noticed(made, ran.log)) for what, made in changes if made is not None]


def noticed(events, log):
    return bool(calls.compare("\n".join(json.dumps(event) for event in events), log).differences)


def changed(events, kind, field, change):
    """The same events, with one field of the last event of a kind changed."""
    made = copy.deepcopy(events)
    for event in reversed(made):
        if event["event"] == kind and event.get(field) is not None:
            event[field] = change(event[field])
            return made
    return None


def flip(text):
    return text[:-1] + ("0" if text[-1] != "0" else "1")


def without(events, *kinds):
    """The same events without the last of each kind."""
    made = list(events)
    for kind in kinds:
        at = next((at for at in reversed(range(len(made))) if made[at]["event"] == kind), None)
        if at is None:
            return None
        del made[at]
    return made


def failure(events):
    made = copy.deepcopy(events)
    for event in reversed(made):
        if event["event"] == "recv":
            told = {"at_ns": event["at_ns"], "endpoint": event["endpoint"], "evidence": "measured"}
            event.clear()
            event.update(told, event="failed", call="recv", errno=12, error="")
            return made
    return None


def of_packets(lab, case):
    stdout, rows = packets.run(lab, case)
    if stdout is None:
        return None
    if packets.compare(stdout, rows).differences:
        return [("nothing: the run itself must agree", False)]
    events = [json.loads(line) for line in stdout.splitlines()]
    found = [("one packet dropped", without(events, "packet"))]
    for field, change in [
        ("size", lambda size: size + 1),
        ("payload", lambda size: size + 1),
        ("sequence", lambda number: number + 1),
        ("acknowledges", lambda number: number + 1),
        ("window", lambda window: window + 1),
        ("flags", lambda flags: flags[1:]),
        ("sack", lambda blocks: blocks[1:]),
    ]:
        made = copy.deepcopy(events)
        for event in reversed(made):
            place = event if event["event"] == "packet" and field in event else event.get("tcp", {})
            if place.get(field):
                place[field] = change(place[field])
                found.append((f"a packet's {field}", made))
                break
    return [(what, bool(packets.compare("\n".join(map(json.dumps, made)), rows).differences)) for what, made in found]


def of_struct(lab):
    found = []
    for command, field in (("pack", "hex"), ("unpack", "layout")):
        said = []

        def say(*arguments, command=command, field=field, said=said):
            told = struct_formats.lab_says(*arguments)
            if told and told[field] and arguments[1] == command and not said:
                said.append(told)
                if field == "hex":
                    told["hex"] = flip(told["hex"])
                else:
                    told["layout"] = told["layout"][1:]
            return told

        compared = struct_formats.run(lab, 20, 7, say)
        found.append((f"what {command} says", bool(said) and bool(compared.differences)))

    def never(*arguments):
        return None

    found.append(("everything refused", bool(struct_formats.run(lab, 20, 7, never).differences)))
    return found


def of_failing(lab, case):
    """A run in which a send fails, told as if it had not."""
    command = [lab, *case.arguments()]
    base = strace.run(command, traced=failing.TRACED)
    expected = failing.verdict(base.stdout)
    ran = strace.run(command, inject=["sendto:error=ENOMEM:when=1"], traced=failing.TRACED)
    right = failing.judge(ran, expected)
    if right.wrong or expected is None:
        return [(f"nothing: the run itself must be right: {right.wrong}", False)]

    def judged(code, stdout, stderr="", log=ran.log):
        return failing.judge(strace.Ran(code, stdout, stderr, log), expected).wrong is not None

    claims = copy.deepcopy(expected)
    claims["expectations"] = claims["expectations"][1:]
    fewer = "\n".join([*base.stdout.splitlines()[:-1], json.dumps(claims)])
    unnamed = dict(failing.verdict(ran.stdout), error="it did not work")
    vague = "\n".join([*ran.stdout.splitlines()[:-1], json.dumps(unnamed)])
    return [
        ("seen although the send failed", judged(0, base.stdout)),
        ("blamed on the scenario", judged(1, ran.stdout)),
        ("a panic", judged(2, "", "thread 'main' panicked at src/main.rs:1:1")),
        ("a hang", judged(None, "")),
        ("seen, but not all of it", judged(0, fewer, log=base.log)),
        ("a message without side and operation", judged(2, vague)),
        ("no message", judged(2, "", "")),
    ]
