"""What can be run: every scenario of the catalogue, under its defaults and under every contrast it names.

Read from the scenario files line by line, so that nothing depends on how the lab reads them. (Python's TOML reader stops at
inline tables of several lines, which TOML 1.1 allows and the files use; what is needed here stands on lines of its own.)
"""
import copy
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Case:
    """A scenario under one setting of its knobs."""

    def __init__(self, scenario, settings):
        self.scenario = scenario["id"]
        self.transport = settings.get("transport", scenario.get("transport", "tcp"))
        wire = scenario.get("link") == "wire"
        self.over_wire = settings.get("link", "wire" if wire else "loopback") == "wire"
        self.settings = settings

    @property
    def name(self):
        return " ".join([self.scenario, *(f"{knob}={value}" for knob, value in self.settings.items())])

    def over(self, link):
        """The same over another link."""
        moved = copy.copy(self)
        moved.settings, moved.over_wire = {**self.settings, "link": link}, link == "wire"
        return moved

    def arguments(self):
        """The command line of `lab` that runs it and prints JSON."""
        return ["run", self.scenario, "--format", "json", *self.knobs()]

    def knobs(self):
        return [word for knob, value in self.settings.items() for word in ("--set", f"{knob}={value}")]


def cases(ids=(), contrasts=False):
    """The wanted cases, in teaching order; without ids those of all scenarios."""
    found = []
    for path in sorted((ROOT / "scenarios").glob("*.toml")):
        scenario, contrasted = read(path.read_text(encoding="utf-8"))
        if ids and scenario["id"] not in ids:
            continue
        chosen = [{}] + (contrasted if contrasts else [])
        found.append((int(scenario.get("order", 0)), [Case(scenario, settings) for settings in chosen]))
    unknown = set(ids) - {case.scenario for _, made in found for case in made}
    if unknown:
        raise SystemExit(f"no such scenario: {', '.join(sorted(unknown))}")
    return [case for _, made in sorted(found, key=lambda entry: entry[0]) for case in made]


def read(text):
    """The keys at the top of a scenario file, and its contrasts; values as one types them after `--set KNOB=`."""
    top, contrasted, table = {}, [], None
    for line in text.splitlines():
        if line.startswith("["):
            table = line.strip()
            if table == "[[contrast]]":
                contrasted.append({})
        elif key := re.match(r'"?([\w.-]+)"?\s*=\s*"?([^"#{\[]*)"?\s*(#.*)?$', line):
            if table is None:
                top.setdefault(key[1], key[2].strip())
            elif table == "[[contrast]]":
                contrasted[-1][key[1]] = key[2].strip()
    return top, contrasted
