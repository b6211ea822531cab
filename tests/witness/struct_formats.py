"""`lab pack` and `lab unpack` against Python's struct, on random formats and values, good and bad, from a seed."""
import json
import math
import random
import struct
import subprocess

INTEGERS = {"b": 1, "B": 1, "h": 2, "H": 2, "i": 4, "I": 4, "q": 8, "Q": 8}
MARKS = ["", "@", "=", "<", ">", "!"]
# What no format is; the lab has a part of Python's codes only, so none of the others.
NONSENSE = ["3", "!!i", "i<", "i3", "%d", "-1i", "i,i", "é", "(i)"]


class Compared:
    """What was compared, and what did not agree."""

    def __init__(self):
        self.counts = {"packed": 0, "unpacked": 0, "refused": 0, "other marks": 0}
        self.differences = []
        self.interpreted = {}

    def same(self, what, told, seen):
        if told != seen:
            self.differences.append(f"{what}: {told}, to Python {seen}")


def format_(chance):
    """A format, and its codes one value each."""
    codes, text = [], chance.choice(MARKS)
    for _ in range(chance.randint(1, 7)):
        code = chance.choice("bBhHiIqQfdsx")
        count = chance.choice([None, None, None, 0, 1, 2, 3, 5, 17])
        text += (str(count) if count is not None else "") + code
        if code == "s":
            codes.append(("s", 1 if count is None else count))
        elif code != "x":
            codes += [(code, 1)] * (1 if count is None else count)
    return text, codes


def value(chance, code, count):
    """A value for a code, as it is typed and as Python has it; now and then one that does not fit."""
    if code == "s":
        raw = bytes(chance.randrange(256) for _ in range(chance.choice([count, max(count - 1, 0), count + 2])))
        return "0x" + raw.hex(), raw
    if code in "fd":
        number = chance.choice([0.0, -0.0, 1.5, -2.5e-7, 3.4028235e38, 1e39, 1e-46, 5e-324, 1.7976931348623157e308, math.pi])
        if chance.random() < 0.5:
            number = chance.uniform(-1e6, 1e6)
        return repr(number), number
    bits = 8 * INTEGERS[code]
    low, high = (0, 2**bits - 1) if code.isupper() else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    number = chance.choice([low, high, 0, chance.randint(low, high), chance.randint(low, high), low - 1, high + 1])
    if chance.random() < 0.85:
        number = min(max(number, low), high)
    return (hex(number) if number >= 0 and chance.random() < 0.2 else str(number)), number


def lab_says(lab, *arguments):
    """What the lab prints as JSON, or None where it refuses."""
    ran = subprocess.run([lab, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if ran.returncode == 2 and ran.stderr and not ran.stdout:
        return None
    if ran.returncode:
        raise SystemExit(f"{arguments}: exit code {ran.returncode}: {ran.stderr}")
    return json.loads(ran.stdout)


def python_says(work):
    try:
        return work()
    except (struct.error, OverflowError):
        return None


def run(lab, count, seed, say=lab_says):
    """Packs and unpacks `count` random formats."""
    chance, compared = random.Random(seed), Compared()
    for _ in range(count):
        text, codes = format_(chance)
        values = [value(chance, *code) for code in codes]
        if chance.random() < 0.03:
            text = chance.choice(NONSENSE)
        elif chance.random() < 0.05:
            values = values[:-1] if chance.random() < 0.5 else [*values, ("1", 1)]
        pack(compared, lab, text, codes, values, say)
        unpack(compared, lab, text, chance, say)
    return compared


def pack(compared, lab, text, codes, values, say):
    typed, held = [one for one, _ in values], [one for _, one in values]
    told = say(lab, "pack", "--json", "--", text, *typed)
    seen = python_says(lambda: struct.pack(text.encode(), *held))
    what = f"pack {text} {' '.join(typed)}"
    if told is None or seen is None:
        compared.counts["refused"] += 1
        compared.same(what, "refused" if told is None else told["hex"], "refused" if seen is None else seen.hex())
        return
    compared.counts["packed"] += 1
    compared.same(what, told["hex"], seen.hex())
    # Of a text of no bytes there is no part.
    layout(compared, what, told, [one for one, code in zip(held, codes) if code != ("s", 0)])
    for other in told["other_marks"]:
        compared.counts["other marks"] += 1
        compared.same(f"{what} as {other['format']}", other["hex"], struct.pack(other["format"], *held).hex())


def layout(compared, what, told, held):
    """Each value's own bytes, and nothing in between but padding."""
    # Of a native format each field is native too: there a number that is too large for `f` is inf, elsewhere an error.
    mark = told["format"][0]
    order = mark if mark in "<>=!" else "@"
    bytes_, at, values = bytes.fromhex(told["hex"]), 0, iter(held)
    for part in told["layout"]:
        compared.same(f"{what}: a part begins", part["from"], at)
        at = part["to"]
        own = bytes_[part["from"] : at]
        if "code" in part:
            compared.same(f"{what}: bytes of {part['code']}", own.hex(), struct.pack(order + part["code"], next(values)).hex())
        else:
            compared.same(f"{what}: padding", own.hex(), bytes(len(own)).hex())
    compared.same(f"{what}: all bytes", at, len(bytes_))


def unpack(compared, lab, text, chance, say):
    size = python_says(lambda: struct.calcsize(text.encode()))
    length = (size or 4) + (chance.choice([-1, 1]) if chance.random() < 0.05 else 0)
    bytes_ = bytes(chance.randrange(256) for _ in range(max(length, 0)))
    told = say(lab, "unpack", "--json", "--", text, bytes_.hex())
    seen = python_says(lambda: struct.unpack(text.encode(), bytes_))
    what = f"unpack {text} {bytes_.hex()}"
    if told is None or seen is None:
        compared.counts["refused"] += 1
        compared.same(what, "refused" if told is None else "read", "refused" if seen is None else "read")
        return
    compared.counts["unpacked"] += 1
    values = [held(part["value"]) for part in told["layout"] if "code" in part]
    # Of a text of no bytes there is no part.
    seen = [one for one in seen if one != b""]
    compared.same(what, [repr(one) for one in values if one != b""], [repr(one) for one in seen])


def held(told):
    """A value of the JSON as Python has it."""
    if isinstance(told, dict):
        return bytes.fromhex(told["hex"])
    return float(told) if isinstance(told, str) else told
