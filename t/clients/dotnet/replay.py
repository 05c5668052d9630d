"""Replays what .NET's clients send, as bytes, and prints a line for each request: `ok NAME`, or what was found.
replay.py PORT"""
import gzip
import hashlib
import hmac
import socket
import sys
import time
import zlib

PORT = int(sys.argv[1])
KEY = b"12345678901234567890"
TYPES = "http://schemas.datacontract.org/2004/07/Infrastructure.Api.Interfaces.ServiceOperations"
XML_RESPONSE = (
    '<?xml version="1.0" encoding="utf-8"?><ResetTwoFactorAuthenticationResponse'
    f' xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="{TYPES}.UserAccounts">'
    '<ResponseStatus xmlns:d2p1="http://schemas.servicestack.net/types" i:nil="true" /></ResetTwoFactorAuthenticationResponse>')
SUCCESS = {"json": "{}", "jsv": "{}", "csv": "ResponseStatus\r\n\r\n", "xml": XML_RESPONSE}


def code():
    """RFC 6238, of now."""
    digest = hmac.new(KEY, (int(time.time()) // 30).to_bytes(8, "big"), hashlib.sha1).digest()
    at = digest[19] & 15
    return f"{(int.from_bytes(digest[at:at + 4], 'big') & 0x7FFFFFFF) % 1000000:06}"


def body(kind):
    """The request as the client of that format writes it. The user is `u,1`."""
    return {
        "json": '{"TargetUserId":"u,1","CallerCode":"%s"}',
        "jsv": '{TargetUserId:"u,1",CallerCode:%s}',
        "xml": '\ufeff<ResetTwoFactorAuthenticationRequest xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
               f' xmlns="{TYPES}.UserAccounts"><OrganisationId i:nil="true" xmlns="{TYPES}" /><CallerCode>%s</CallerCode>'
               "<TargetUserId>u,1</TargetUserId></ResetTwoFactorAuthenticationRequest>",
        "csv": 'TargetUserId,CallerCode\r\n"u,1",%s\r\n',
        "form": "TargetUserId=u%%2C1&CallerCode=%s",
        # MultipartFormDataContent: names without quotes.
        "parts": "".join(
            "--3c1d64b8-2f0e\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; "
            f"name={name}\r\n\r\n{value}\r\n" for name, value in (("TargetUserId", "u,1"), ("CallerCode", "%s")))
                 + "--3c1d64b8-2f0e--\r\n",
    }[kind].replace("%s", code()).replace("%%", "%").encode()


def raw_deflate(data):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


class Answer:
    def __init__(self, connection):
        self._in = connection.makefile("rb")

    def head(self):
        """The status and the headers of the next answer, which may be 100."""
        status = int(self._in.readline().split()[1])
        headers = {}
        while (line := self._in.readline().strip()):
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        return status, headers

    def body(self, headers):
        return self._in.read(int(headers["content-length"])).decode()


def call(caller, data, content_type, accept, *, path="/users/2fa/reset", method="PUT", encoding=None):
    """Waits for 100 before the body, as .NET does. Returns status, type and body."""
    lines = [f"{method} {path} HTTP/1.1", f"Accept: {accept}", "User-Agent: ServiceStack .NET Client 8.40",
             "Accept-Encoding: gzip,deflate", f"X-ss-id: session-of-admin-{caller}", f"Content-Type: {content_type}",
             *([f"Content-Encoding: {encoding}"] if encoding else []), "Host: localhost", f"Content-Length: {len(data)}",
             "Expect: 100-continue", "Connection: Close", "", ""]
    with socket.create_connection(("127.0.0.1", PORT), 20) as connection:
        connection.sendall("\r\n".join(lines).encode())
        answer = Answer(connection)
        status, headers = answer.head()
        if status != 100:
            return status, "before the body", answer.body(headers)
        connection.sendall(data)
        status, headers = answer.head()
        return status, headers.get("content-type", ""), answer.body(headers)


def say(name, found, status, kind, text=None):
    good = found[0] == status and kind in found[1] and (text is None or found[2] == text)
    print(f"ok {name}" if good else f"{name}: found {found}", flush=True)
    time.sleep(0.15)  # the example lets each address make 5 calls a second


def main():
    caller = iter(range(1, 21))
    for kind, media in (("json", "application/json"), ("jsv", "application/jsv"), ("xml", "application/xml"), ("csv", "text/csv")):
        say(f"{kind}", call(next(caller), body(kind), media, media), 200, media, SUCCESS[kind])
    for name, encoding, pack in (("gzip", "gzip", gzip.compress), ("deflate", "deflate", zlib.compress),
                                 ("raw deflate", "deflate", raw_deflate)):
        say(f"json, {name}", call(next(caller), pack(body("json")), "application/json", "application/json", encoding=encoding),
            200, "application/json", "{}")
    say("xml, gzip", call(next(caller), gzip.compress(body("xml")), "application/xml", "application/xml", encoding="gzip"),
        200, "application/xml", XML_RESPONSE)
    form = "application/x-www-form-urlencoded"
    parts = 'multipart/form-data; boundary="3c1d64b8-2f0e"'
    reply = "/reply/ResetTwoFactorAuthenticationRequest"
    say("a form", call(next(caller), body("form"), form, "application/json"), 200, "application/json", "{}")
    say("a form to /json/reply/", call(next(caller), body("form"), form, "application/json", path="/json" + reply, method="POST"),
        200, "application/json", "{}")
    say("parts", call(next(caller), body("parts"), parts, "application/json"), 200, "application/json", "{}")
    say("parts to /xml/reply/", call(next(caller), body("parts"), parts, "*/*", path="/xml" + reply, method="POST"),
        200, "application/xml", XML_RESPONSE)
    say("json to /json/reply/, answered in XML", call(next(caller), body("json"), "application/json", "application/json",
                                                     path=f"/json{reply}?format=xml", method="POST"), 200, "application/xml", XML_RESPONSE)
    say("?format=json.compact", call(next(caller), body("jsv"), "application/jsv", "application/jsv",
                                    path="/users/2fa/reset?format=json.compact"), 200, "application/json", "{}")
    say("bytes that are not gzip", call(next(caller), body("json"), "application/json", "application/json", encoding="gzip"),
        400, "application/json")
    say("a bomb", call(next(caller), gzip.compress(b"a" * 20_000_000), "application/json", "application/json", encoding="gzip"),
        413, "application/json")


main()
