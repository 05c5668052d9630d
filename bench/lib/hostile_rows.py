"""What bench/hostile sends: for each API and format what takes the most work for its bytes, and beside it a plain
request of as many bytes."""
import base64
import os
import random

BODY = 65536
LINE = 8000  # of a header, or of the request line: nginx takes 8 KiB
LINES = 3  # of such headers

_ADMIN = "AQIC5wSampleOfAmAdmin.2NzEz*"
_SESSION = "aXujm6JBEWMtZW8Fuo1f"
_CONTEXT = "edbe55c6-438f-448f-a742-9925b6471fe1"


class Row:
    """One request. Not `judged` is one whose cost is not of its bytes, but of their order."""

    def __init__(self, name, method, target, headers, body=b""):
        self.name, self.judged = name, not name.endswith("at random")
        self._line = method.encode() + b" " + _bytes(target) + b" HTTP/1.1"
        self._rest = b"\r\n".join([b"Content-Length: %d" % len(body), *map(_bytes, headers)]) + b"\r\n\r\n" + body

    def to(self, host):
        """The request, to the server of that name; all have four letters."""
        return b"\r\n".join([self._line, b"Host: " + host.encode(), self._rest])


def _bytes(text):
    return text if isinstance(text, bytes) else text.encode()


def fill(size, unit, first="", last=""):
    """`unit` again and again between `first` and `last`, as often as it fits into `size`."""
    unit, first, last = _bytes(unit), _bytes(first), _bytes(last)
    return first + unit * ((size - len(first) - len(last)) // len(unit)) + last


def _at_random(size, units, first, last):
    """The same, with one of `units` each time."""
    choose = random.Random(8259)
    text = _bytes(first)
    while len(text) < size - 16:
        text += _bytes(choose.choice(units))
    return text + _bytes(last)


def _json_values():
    for unit, last in (("{},", "{}"), ("[],", "[]"), ("0,", "0"), ("-1,", "0"), ('"",', "0"), ("true,", "0"), ("1e9,", "0"),
                       ('"a",', "0"), ("1e308,", "0"), ("[[]],", "0"), ('{"":0},', "0")):
        yield f"[{unit}…", fill(BODY, unit, "[", last + "]")
    yield "[ 1 , …", fill(BODY, "1 , ", "[", "1]")
    yield '{"":0,…', fill(BODY, '"":0,', "{", '"":0}')
    yield "64 deep, again and again", fill(BODY, "[" * 63 + "]" * 63 + ",", "[", "0]")
    yield "blanks", fill(BODY, " ", "", "0")
    for unit in ("\\n", "\\u0041", "\\ud83d\\ude00", "é", "€", "😀", "aé", "\x7f"):
        yield f"a string of {unit!r}", fill(BODY, unit, '"', '"')
    yield "[{},… without its end", fill(BODY, "{},", "[", "{}")
    yield "[[],… wrong at its last byte", fill(BODY, "[],", "[", "0}")
    yield "a string without its end", fill(BODY, "a", '"')
    yield "a string with a line feed last", fill(BODY, "a", '"', "\n")
    yield "line feeds, then a fault", fill(BODY, "\n", "", "x")
    yield "a name without its colon last", fill(BODY, '"":0,', "{", '""}')
    yield "brackets, not JSON", fill(BODY, "]")
    yield "values at random", _at_random(BODY, ("[],", "{},", "0,", '"",', "true,", "[[]],", '{"":0},'), "[", "0]")
    yield "numbers at random", _at_random(BODY, ("0,", "-1,", "10,", "1.5,", "1e9,"), "[", "0]")
    yield "65 deep last", fill(BODY, "0,", "[", "[" * 65)


def _am(name, target="/openam/json/realms/root/realms/mySubrealm/users/myUser/devices/2fa/oath?_action=reset",
        headers=(), body=b"{}", token=True):
    return Row(name, "POST", target, [
        "Content-Type: application/json", *([f"iPlanetDirectoryPro: {_ADMIN}"] if token else []), *headers], body)


def _am_bodies(token):
    return [_am(name, body=body, token=token, headers=["Accept-API-Version: resource=1.0"])
            for name, body in _json_values()]


_AM_RESET = "/openam/json/users/myUser/devices/2fa/oath?_action=reset"


def _am_queries():
    for unit in ("&", "a&", "=&", "%41&", "_a&", "+&", "%5Faction&", "realm&", "_fields=a&", "%41", "=a"):
        yield _am(f"query {unit}…", fill(LINE, unit, _AM_RESET + "&"), token=False)


def _am_paths():
    for base in ("/openam/json", "/listed/json"):
        for unit in ("/a", "/users", "/realms/a", "/json", "/%41", "/%C3%A9", "/aaaaaaaa"):
            yield _am(f"path {base}{unit}…", fill(LINE, unit, base, "?_action=reset"), token=False)
    yield _am("parameter realm=/a/a…", fill(LINE, "/a", _AM_RESET + "&realm="), token=False)


def _am_names():
    for unit, first, last in (("\\,", "id=", ",ou=user,o=a"), (",o=a", "id=a,ou=user", ""), ("%E2%82%AC", "", ""), ("%22", "", ""),
                              ("%2F", "", ""), ("%01", "", ""), ("%C3%A9", "", "")):
        yield _am(f"user {first}{unit}…", fill(LINE, unit, f"/openam/json/users/{first}", f"{last}/devices/2fa/oath?_action=reset"))


def _cookies(names):
    for unit in (";", "a;", "a=;", "=;", "; ", " ;", "=", "\t", "a=b; ", '""=""; ', *(f"{name}=;" for name in names),
                 *(f"{name};" for name in names), *(f'{name}="";' for name in names[:1])):
        yield f"cookie {unit}…", unit


def _lines(name, unit, first="", count=LINES):
    line = fill(LINE, unit, f"{name}: {first}")
    # nginx takes one Authorization.
    return [line, *[fill(LINE, "a", "X-Plain: ")] * (count - 1)] if name == "Authorization" else [line] * count


def _am_headers():
    for name, unit in _cookies(["iPlanetDirectoryPro"]):
        yield _am(name, headers=_lines("Cookie", unit), token=False)
    yield _am("headers a:", headers=["a:"] * 900, token=False)
    yield _am("headers Content-Typf:", headers=["Content-Typf:"] * 900, token=False)
    for name, unit in (("Accept-API-Version", "0"), ("Accept-API-Version", "resource=1.0,"), ("Accept-API-Version", " "),
                       ("Content-Type", ";"), ("Content-Type", " "), ("Content-Type", '"'), ("Content-Type", "\x01"),
                       ("X-HTTP-Method-Override", '"'), ("X-Requested-With", ","), ("Accept", ",")):
        yield _am(f"{name}: {unit}…", headers=_lines(name, unit), token=False)
    yield _am("an unknown token", headers=_lines("iPlanetDirectoryPro", "a", count=1) + _lines("X-Plain", "a", count=2), token=False)


def _foundry(name, target="/users/2fa/reset", headers=(), body=b'{"targetUserId":"myuser"}', kind="json", known=True):
    return Row(name, "PUT", target, [
        "Content-Type: " + (kind if "/" in kind else f"application/{kind}"), *([f"X-ss-id: {_SESSION}"] if known else []),
        *headers], body)


def _foundry_json():
    first = '{"targetUserId":"myuser","x":'
    for unit, last in (("{},", "{}"), ("[],", "[]"), ("0,", "0"), ('"",', "0"), ('{"":0},', "0")):
        yield _foundry(f"[{unit}…", body=fill(BODY, unit, first + "[", last + "]}"))
    yield _foundry("1000 members", body=fill(1000 * 5, '"":0,', '{"targetUserId":"myuser",', '"":0}'))
    yield _foundry("more than 1024 members", body=fill(BODY, '"":0,', '{"targetUserId":"myuser",', '"":0}'))
    yield _foundry("escapes", body=fill(BODY, "\\n", first + '"', '"}'))
    yield _foundry("\\u00e9", body=fill(BODY, "\\u00e9", first + '"', '"}'))
    yield _foundry("[{},… without its end", body=fill(BODY, "{},", first + "[", "{}"))


def _foundry_jsv():
    first = "{targetUserId:myuser,x:"
    for unit in ("{},", "{x:},", "[a],", ",", "a,", '"",', '"a",', " ,"):
        yield _foundry(f"[{unit}…", body=fill(BODY, unit, first + "[", "a]}"), kind="jsv")
    yield _foundry('""""…', body=fill(BODY, '""', first + '"', '"}'), kind="jsv")
    yield _foundry('a""a""…', body=fill(BODY, 'a""', first + '"', '"}'), kind="jsv")
    yield _foundry("blanks", body=fill(BODY, " ", first, "}"), kind="jsv")
    yield _foundry("é", body=fill(BODY, "é", first, "}"), kind="jsv")
    yield _foundry("63 deep", body=fill(BODY, "[" * 60 + "a" + "]" * 60 + ",", first + "[", "a]}"), kind="jsv")
    yield _foundry("1000 members", body=fill(1000 * 3, "a:,", "{targetUserId:myuser,", "x:}"), kind="jsv")
    yield _foundry("without its end", body=fill(BODY, "a,", first + "["), kind="jsv")


def _foundry_xml():
    def xml(name, unit, before="", after="", size=BODY):
        return _foundry(name, body=fill(size, unit, f"<r><TargetUserId>myuser</TargetUserId>{before}", f"{after}</r>"),
                        kind="xml")
    for unit in ("<x/>", "<x></x>", "<x a=''/>", "<x>a</x>"):
        yield xml(f"{unit}…", unit)
        yield xml(f"nested {unit}…", unit, "<y>", "</y>")
    yield xml("attributes", " a=''", "<x", "/>")
    for unit in ("&amp;", "&#65;", "&#x41;", "&lt;", "<!---->", "<![CDATA[]]>", "<?a?>", "é", "\r\n", "\r", "\n", "a\r"):
        yield xml(f"text {unit!r}…", unit, "<x>", "</x>")
    yield xml("60 deep", "<a>" * 60 + "</a>" * 60)
    yield xml("900 elements", "<x/>", size=900 * 4)
    yield xml("not closed", "<x>")


def _foundry_csv():
    def csv(name, unit, names="TargetUserId,x", before="myuser,", after="\r\n"):
        return _foundry(name, body=fill(BODY, unit, f"{names}\r\n{before}", after), kind="text/csv")
    yield csv('""""…', '""', before='myuser,"', after='"\r\n')
    yield csv('a""…', 'a""', before='myuser,"', after='"\r\n')
    yield csv("fields", ",")
    yield csv('"",…', '"",')
    yield csv("é", "é")
    yield csv("line feeds last", "\n", before="myuser,a")


_FORM = "x-www-form-urlencoded"


def _foundry_form():
    for unit in ("&", "%41", "+", "%C3%A9", "=", "é"):
        yield _foundry(f"{unit}…", body=fill(BODY, unit, "TargetUserId=myuser&x="), kind=_FORM)
    yield _foundry("1000 fields", body=fill(1000 * 2, "a&", "TargetUserId=myuser&"), kind=_FORM)
    yield _foundry("more than 1024 fields", body=fill(BODY, "a&", "TargetUserId=myuser&"), kind=_FORM)


def _foundry_targets(known):
    for unit in ("&", "a&", "=&", "%41&", "%41=%41&", "+&", "format=json&", "callerCode&", "%C3%A9"):
        yield _foundry(f"query {unit}…", fill(LINE, unit, "/users/2fa/reset?x&"), known=known)
    if known:
        return
    for unit in ("/a", "/%41", "/users", "/2fa", "."):
        yield _foundry(f"path {unit}…", fill(LINE, unit, "/users"), known=False)


def _jwt(header):
    return "Bearer " + base64.urlsafe_b64encode(header).decode().rstrip("=") + ".e30.AAAA"


def _foundry_headers():
    for name, unit in _cookies(["ss-id", "ss-pid", "ss-tok", "ss-opt"]):
        yield _foundry(name, headers=_lines("Cookie", unit), known=False)
    yield _foundry("headers a:", headers=["a:"] * 900, known=False)
    for unit in (",", ";", ";,", "a,", "a/b,", "*/*;q=0.1,", "*/*,", '"', "a;b=c,", "application/json,", "text/jsv;q=0,", " ", "!,"):
        yield _foundry(f"Accept: {unit}…", headers=_lines("Accept", unit), known=False)
    for name, unit in (("X-ss-id", "a"), ("X-ss-opt", "per"), ("Content-Type", " "), ("Authorization", " "),
                       ("X-Http-Method-Override", "a")):
        yield _foundry(f"{name}: {unit}…", headers=_lines(name, unit), known=False)
    room = LINE * 3 // 4 - 60
    rest = _lines("X-Plain", "a", count=2)
    for unit in ("{},", "[],", "0,", '"",'):
        header = fill(room, unit, '{"alg":"HS256","x":[', "0]}" if unit != "{}," else "{}]}")
        yield _foundry(f"a token's header of {unit}…", headers=["Authorization: " + _jwt(header), *rest], known=False)
    names = b'{"alg":"HS256"' + b"".join(b',"%d":0' % at for at in range((room - 20) // 9)) + b"}"
    yield _foundry("a token's header of names", headers=["Authorization: " + _jwt(names), *rest], known=False)
    yield _foundry("a token with a bad signature", headers=[fill(LINE, "A", "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.", ".AAAA"), *rest], known=False)
    yield _foundry("a token of dots", headers=_lines("Authorization", ".", "Bearer "), known=False)


def _oaa(name, query="", headers=(), body=b"", known=True):
    key = base64.b64encode(f"portal:{os.environ['OAA_KEY']}".encode()).decode()
    target = _bytes(f"/oaa/runtime/challengecounter/v1?challengeType=ChallengeSMS&contextId={_CONTEXT}") + _bytes(query)
    return Row(name, "DELETE", target, [*([f"Authorization: Basic {key}"] if known else []), *headers], body)


def _oaa_rows():
    for unit in (",", ";", ";,", "a,", "a/b,", "*/*;q=0.1,", "*/*,", '"', "a;b=c,", "application/json,", "text/*;q=0,", " ", "!,"):
        yield _oaa(f"Accept: {unit}…", headers=_lines("Accept", unit), known=False)
    yield _oaa("headers a:", headers=["a:"] * 900, known=False)
    yield _oaa("Basic of 1024", headers=["Authorization: Basic " + base64.b64encode(b"a:" + b"a" * 760).decode(), *_lines("X-Plain", "a", count=2)], known=False)
    yield _oaa("Basic of 8000", headers=_lines("Authorization", "A", "Basic "), known=False)
    yield _oaa("Basic with blanks", headers=_lines("Authorization", " ", "Basic "), known=False)


def _oaa_queries():
    for unit in ("&", "a&", "=&", "%41&", "+&", "contextId&", "%C3%A9"):
        yield _oaa(f"query {unit}…", fill(LINE - 200, unit, "&"))


def _sized(build, size):
    """The plain request that `build` makes, `size` bytes long: it is given the bytes to fill in."""
    wanted = size
    for _ in range(3):
        row = build(max(wanted, 0))
        wanted += size - len(row.to("edge"))
    return row


def _plain_lines(size):
    """Headers of about that many bytes in all, each line with an overhead of nginx's."""
    count = max(1, -(-size // LINE))
    return ["X-Plain: " + "a" * max(size // count - 11, 0)] * count


class Kind:
    def __init__(self, name, rows, plain):
        self.name, self.rows, self._build, self._plains = name, list(rows), plain, {}

    def plain(self, size):
        """A plain request of about as many bytes."""
        size = size // 512 * 512
        if size not in self._plains:
            self._plains[size] = _sized(self._build, size)
        return self._plains[size]


def kinds():
    text = "a"
    member = '{"targetUserId":"myuser","x":"'
    return [
        Kind("AM body", _am_bodies(False), lambda size: _am("", body=fill(size, text, '"', '"'), token=False)),
        Kind("AM body, known", _am_bodies(True), lambda size: _am("", body=fill(size, text, '"', '"'))),
        Kind("AM query", _am_queries(), lambda size: _am("", fill(size, text, _AM_RESET + "&x="), token=False)),
        Kind("AM path", _am_paths(), lambda size: _am("", fill(size, text, "/openam/json/", "?_action=reset"), token=False)),
        Kind("AM target, known", _am_names(),
             lambda size: _am("", fill(size, text, "/openam/json/users/", "/devices/2fa/oath?_action=reset"))),
        Kind("AM headers", _am_headers(), lambda size: _am("", headers=_plain_lines(size), token=False)),
        Kind("Foundry JSON", _foundry_json(), lambda size: _foundry("", body=fill(size, text, member, '"}'))),
        Kind("Foundry JSV", _foundry_jsv(),
             lambda size: _foundry("", body=fill(size, text, "{targetUserId:myuser,x:", "}"), kind="jsv")),
        Kind("Foundry XML", _foundry_xml(), lambda size: _foundry(
            "", body=fill(size, text, "<r><TargetUserId>myuser</TargetUserId><x>", "</x></r>"), kind="xml")),
        Kind("Foundry CSV", _foundry_csv(),
             lambda size: _foundry("", body=fill(size, text, "TargetUserId,x\r\nmyuser,", "\r\n"), kind="text/csv")),
        Kind("Foundry form", _foundry_form(),
             lambda size: _foundry("", body=fill(size, text, "TargetUserId=myuser&x="), kind=_FORM)),
        Kind("Foundry target", _foundry_targets(False),
             lambda size: _foundry("", fill(size, text, "/users/2fa/reset?x="), known=False)),
        Kind("Foundry target, known", _foundry_targets(True), lambda size: _foundry("", fill(size, text, "/users/2fa/reset?x="))),
        Kind("Foundry headers", _foundry_headers(), lambda size: _foundry("", headers=_plain_lines(size), known=False)),
        Kind("OAA headers", _oaa_rows(), lambda size: _oaa("", headers=_plain_lines(size), known=False)),
        Kind("OAA query", _oaa_queries(), lambda size: _oaa("", fill(size, text, "&x="))),
    ]
