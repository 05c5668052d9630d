"""Device profiles as AM writes them: one JSON object, or one JWE, for each value of an attribute. They are handled as
text: what is not changed stays as it is, byte for byte."""
import json

FACTORS = ("oath", "push", "webauthn")
WITH_FLAG = ("oath", "push")  # AM has no skip setting for webauthn
FLAGS = ("0", "1", "2")  # NOT_SET, SKIPPABLE, NOT_SKIPPABLE


def field_of(factor):
    return f"{factor}DeviceProfiles"


def flag_of(factor):
    return f"{factor}2faEnabled"


FIELDS = tuple(field_of(factor) for factor in FACTORS) + tuple(flag_of(factor) for factor in WITH_FLAG)


def _refuse_constant(name):
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=_refuse_constant)


def is_jwe(text):
    return text.startswith("eyJ") and text.count(".") == 4


def parse(text):
    """The members of a profile. ValueError: it is no JSON object."""
    profile = _DECODER.decode(text)
    if not isinstance(profile, dict):
        raise ValueError("no JSON object")
    return profile


def read_value(value):
    """The text of an attribute's value. ValueError says what is wrong, without the value."""
    try:
        text = value.decode("utf-8").strip()
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8") from None
    if is_jwe(text):
        return text
    if not text.startswith("{"):
        raise ValueError("begins neither as a profile nor as a JWE")
    try:
        parse(text)
    except (ValueError, RecursionError):
        raise ValueError("is not a JSON object") from None
    return text


def to_array(texts):
    """The field of the record: a JSON array of the values, each as it stands; a JWE as a JSON string."""
    return "[" + ", ".join(json.dumps(text) if is_jwe(text) else text for text in texts) + "]"


def from_array(text):
    """The values in the field of a record, as to_array() had them. ValueError: it is no JSON array."""
    text = text.strip()
    if not text.startswith("["):
        raise ValueError("no JSON array")
    at, values = _skip(text, 1), []
    while text[at:at + 1] != "]":
        value, end = _DECODER.raw_decode(text, at)
        values.append(value if isinstance(value, str) else text[at:end])
        at = _skip(text, end)
        if text[at:at + 1] == ",":
            at = _skip(text, at + 1)
        elif text[at:at + 1] != "]":
            raise ValueError("no JSON array")
    if at != len(text) - 1:
        raise ValueError("no JSON array")
    return values


def _skip(text, at):
    while text[at:at + 1] in (" ", "\t", "\n", "\r"):
        at += 1
    return at


def canonical(text):
    """Equal for two texts of the same profile, however they are spaced and ordered."""
    try:
        return json.dumps(parse(text), sort_keys=True)
    except (ValueError, RecursionError):
        return text


def created(profile):
    """`createdDate` in milliseconds since 1970; None: it has none (OpenAM), or one that is no number."""
    try:
        return int(profile["createdDate"])
    except (KeyError, TypeError, ValueError):
        return None


def renamed(text, name):
    """The same profile with another `deviceName`, everything else as it stands."""
    at = _skip(text, 1)
    quoted = json.dumps(name, ensure_ascii=False)
    while text[at] == '"':
        member, at = json.decoder.scanstring(text, at + 1)
        at = _skip(text, _skip(text, at) + 1)  # behind the colon
        _, end = _DECODER.raw_decode(text, at)
        if member == "deviceName":
            return text[:at] + quoted + text[end:]
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)
    return "{" + f'"deviceName": {quoted}, ' + text[1:].lstrip()
