#!/usr/bin/env python3
"""Does the unit test program's main print as cmocka's own runner does?

Runs a cmocka program and a GoogleTest program with the same groups in every form of output, and
compares streams, files and exit status byte for byte; only times and source locations may differ.

usage: compare.py SAMPLE_CMOCKA SAMPLE_GTEST
"""

import difflib
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

GROUPS = ["Good", "Mixed", "SetupFails", "TeardownFails"]
FORMS = ["TAP", "XML", "SUBUNIT", "STDOUT"]
SPELLINGS = ["tap", "Xml", "sUBUNIT", "stdout", "STANDARD", "no-such-form", "TAP "]

TIME = re.compile(rb'time="\d+\.\d{3}"')
LOCATION = re.compile(rb"[^\s\[]*sample_(?:cmocka\.c|gtest\.cpp):\d+:")


def environment(form, xml_file, fails_in):
    variables = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CMOCKA_", "GTEST_", "SAMPLE_"))
    }
    ours = {
        "CMOCKA_MESSAGE_OUTPUT": form,
        "CMOCKA_XML_FILE": xml_file,
        "SAMPLE_ENVIRONMENT_FAILS": fails_in,
    }
    variables.update({name: value for name, value in ours.items() if value is not None})
    return variables


def run(command, form=None, xml_file=None, fails_in=None, present=(), merged=False):
    """Runs a program in an empty directory of its own; returns all that it left, by name."""
    with tempfile.TemporaryDirectory() as directory:
        for name in present:
            with open(os.path.join(directory, name), "wb") as file:
                file.write(b"was here\n")
        done = subprocess.run(
            command,
            env=environment(form, xml_file, fails_in),
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if merged else subprocess.PIPE,
            timeout=60,
            check=False,
        )
        left = {"standard output": done.stdout, "exit status": b"%d" % done.returncode}
        if not merged:
            left["standard error"] = done.stderr
        for name in os.listdir(directory):
            with open(os.path.join(directory, name), "rb") as file:
                left["file " + name] = file.read()
        return left


def normal(text):
    return LOCATION.sub(b"SAMPLE:LINE:", TIME.sub(b'time="TIME"', text))


def differences(expected, actual):
    """Lines of a diff for all that differs but times and locations; empty when nothing does."""
    lines = []
    for name in sorted(expected.keys() | actual.keys()):
        sides = [normal(left[name]) if name in left else None for left in (expected, actual)]
        if sides[0] != sides[1]:
            texts = [repr(side).replace("\\n", "\\n\n").split("\n") for side in sides]
            titles = ["cmocka: " + name, "GoogleTest: " + name]
            lines += difflib.unified_diff(texts[0], texts[1], *titles, lineterm="")
    return lines


def failures_in(report):
    """The messages of an XML report; none of one that an XML parser does not take."""
    try:
        failures = xml.etree.ElementTree.fromstring(report).findall(".//failure")
    except xml.etree.ElementTree.ParseError:
        return []
    return [failure.text or "" for failure in failures]


def cases():
    """What both programs are run with: a title, the groups, and arguments of run()."""
    for form in FORMS:
        for group in GROUPS[:-1]:
            yield f"{form}, {group}", [group], {"form": form}
        yield form, GROUPS, {"form": form}
    for form in SPELLINGS:
        yield f"spelt '{form}'", GROUPS, {"form": form}
    for form in ("TAP", "SUBUNIT", "STDOUT"):
        yield f"{form}, order of the two streams", GROUPS, {"form": form, "merged": True}
    files = [
        ("one file for all groups", "all.xml", []),
        ("a file that is there", "all.xml", ["all.xml"]),
        ("a file for each group", "cm_%g.xml", []),
        ("the name twice", "%g-%g.xml", []),
        ("the first group's file is there", "%g.xml", ["Good.xml"]),
        ("the second group's file is there", "%g.xml", ["Mixed.xml"]),
        ("the last group's file is there", "%g.xml", ["TeardownFails.xml"]),
        ("no such directory", "none/%g.xml", []),
        ("an empty file name", "", []),
    ]
    for title, xml_file, present in files:
        settings = {"form": "XML", "xml_file": xml_file, "present": present}
        yield "XML, " + title, GROUPS, settings
    yield "TAP does not write a file", GROUPS, {"form": "TAP", "xml_file": "%g.xml"}


class Checks:
    def __init__(self, cmocka, gtest):
        self.cmocka = os.path.abspath(cmocka)
        self.gtest = os.path.abspath(gtest)
        self.passed = 0
        self.failed = 0

    def check(self, good, title, details=()):
        if good:
            self.passed += 1
            return
        self.failed += 1
        print("FAILED: " + title)
        for line in details:
            print("    " + line)

    def run_cmocka(self, groups, **settings):
        return run([self.cmocka, *groups], **settings)

    def run_gtest(self, groups, without="", **settings):
        chosen = ":".join(group + ".*" for group in groups)
        return run([self.gtest, f"--gtest_filter={chosen}-{without}"], **settings)

    def same_form(self):
        for title, groups, settings in cases():
            expected = self.run_cmocka(groups, **settings)
            actual = self.run_gtest(groups, **settings)
            details = differences(expected, actual)
            self.check(not details, title, details)
            self.notices_changes(title, expected)

    def notices_changes(self, title, left):
        """The comparison would see it if any line were missing, or any one byte another."""
        for name, text in left.items():
            lines = text.splitlines(keepends=True)
            for at, line in enumerate(lines):
                changed = b"".join(lines[:at] + lines[at + 1 :])
                seen = differences(left, {**left, name: changed})
                self.check(seen, f"{title}: blind for a missing line: {line!r}")
            spans = [m.span() for mark in (TIME, LOCATION) for m in mark.finditer(text)]
            for at, byte in enumerate(text):
                if any(start <= at < end for start, end in spans):
                    continue
                changed = text[:at] + bytes([byte ^ 1]) + text[at + 1 :]
                if normal(changed) == normal(text):
                    self.check(False, f"{title}: blind for byte {at} of {name}")
            missing = {key: value for key, value in left.items() if key != name}
            self.check(differences(left, missing), f"{title}: blind for the absence of {name}")

    def notices_other_programs(self):
        for form in FORMS:
            expected = self.run_cmocka(GROUPS, form=form)
            for without in ("Good.passes", "Mixed.skips", "Mixed.fails", "SetupFails.*"):
                actual = self.run_gtest(GROUPS, without=without, form=form)
                seen = differences(expected, actual)
                self.check(seen, f"{form}: blind for a program without {without}")

    def plain_googletest(self):
        for form in (None, ""):
            left = self.run_gtest(["Mixed"], form=form, xml_file="%g.xml")
            text = left["standard output"]
            self.check(
                text.startswith(b"Note: Google Test filter") and b"[----------]" in text,
                f"GoogleTest's own printer with CMOCKA_MESSAGE_OUTPUT={form}",
            )
            self.check(left["exit status"] == b"1", "GoogleTest's own exit status")
            self.check("file Mixed.xml" not in left, "no file of cmocka's")

    def teardown_counts(self):
        """The one deliberate difference to cmocka's exit status."""
        for form in FORMS:
            expected = self.run_cmocka(["TeardownFails"], form=form)
            actual = self.run_gtest(["TeardownFails"], form=form)
            self.check(expected.pop("exit status") == b"0", "cmocka ignores a failed teardown")
            self.check(actual.pop("exit status") == b"1", "a failed teardown fails the program")
            details = differences(expected, actual)
            self.check(not details, f"{form}, TeardownFails", details)

    def beyond_in_tap(self):
        tap = normal(self.run_gtest(["Beyond"], form="TAP")["standard output"]).decode()
        place = "# SAMPLE:LINE: error: Failure!\n"
        for text in (
            f"not ok 1 - fails_twice\n# first\n{place}# second\n{place}not ok 2",
            f"not ok 2 - fails_and_skips\n# before the skip\n{place}not ok 3",
            "not ok 3 - throws\n"
            '# C++ exception with description "nobody\'s" thrown in the test body.\nnot ok 4',
            f"not ok 5 - says_much\n# Failed\n# {'m' * 5000}\n{place}ok 6",
            f"not ok 7 - ends_its_line\n# Failed\n# here\n{place}# not ok",
        ):
            self.check(text in tap, "TAP, beyond cmocka", [text, "not in", tap])

        many = ["--gtest_filter=Mixed.*", "--gtest_repeat=100"]
        status = run([self.gtest, *many], form="TAP")["exit status"]
        self.check(status == b"255", f"300 failures: exit status {status!r}")

    def beyond_in_xml(self):
        report = self.run_gtest(["Beyond"], form="XML")["standard output"]
        texts = failures_in(report)
        self.check(len(texts) == 6, "XML, all failures", texts)
        self.check(
            any(text.startswith("Failed\na[b[0]]>1 ?\t\n") for text in texts),
            "XML, a message that ends CDATA",
            texts,
        )
        for name in (b"Beyond", b"takes_time"):
            found = re.search(b'name="' + name + rb'" time="(\d+\.\d{3})"', report)
            took = float(found.group(1)) if found else 0
            self.check(0.020 <= took < 10, f"XML, the time of {name!r}: {took}")

        slash = self.run_gtest(["Slash/Parameterized"], form="XML", xml_file="%g.xml")
        written = slash.get("file Slash_Parameterized.xml", b"")
        self.check(
            b'<testsuite name="Slash/Parameterized"' in written and b"passes/1" in written,
            "XML, a parameterized suite",
            [repr(slash)],
        )

    def failing_environment(self):
        complaint = b"[  ERROR   ] --- 0x5 != 0x6\nSAMPLE:LINE: error: Failure!\n"
        for place, outcome in (
            ("SetUp", b"1..2\nnot ok 1 # SKIP passes\nnot ok 2 # SKIP skips\n# ok - Good\n"),
            ("TearDown", b"1..2\nok 1 - passes\nnot ok 2 # SKIP skips\n# ok - Good\n"),
        ):
            left = self.run_gtest(["Good"], form="TAP", fails_in=place)
            right = {
                "exit status": b"1",
                "standard output": outcome,
                "standard error": complaint,
            }
            details = differences(right, left)
            self.check(not details, f"a global environment fails in {place}", details)


def main(arguments):
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    checks = Checks(*arguments[1:])
    checks.same_form()
    checks.notices_other_programs()
    checks.plain_googletest()
    checks.teardown_counts()
    checks.beyond_in_tap()
    checks.beyond_in_xml()
    checks.failing_environment()
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 0 if checks.passed and not checks.failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
