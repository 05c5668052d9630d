"""Entries from LDIF (RFC 2849): what export-ldif, `ldapsearch -LLL` and slapcat print, in constant memory."""
import ldif

from .entries import Entry, Skipped


class LdifSource(ldif.LDIFParser):
    """Iterates over the Entry or Skipped of each record, in the order of the file."""

    def __init__(self, file):
        super().__init__(file)  # no URL is ever fetched

    def __iter__(self):
        while True:
            record = self._record()
            if record is None:
                return
            yield record

    def _record(self):
        """The next record, or None at the end. One that cannot be read does not stop those behind it."""
        dn, attributes, wrong, begun, at_end = None, {}, "", False, False
        while not at_end:
            try:
                name, value = self._next_key_and_value()
            except EOFError:
                name, at_end = None, True
            except ValueError:  # base64, UTF-8 or a line that is none; its text may be a value: it is not shown
                wrong, begun = wrong or f"line {self.line_counter - 1} cannot be read", True
                continue
            if name is None:
                if begun:
                    break
                continue  # blank lines between records
            wrong = wrong or self._wrong_in(name, value)
            if name.lower() == "dn" and dn is None and value is not None:
                dn = value.decode("utf-8", "replace")
            elif value is not None and name not in ("version", "changetype"):
                attributes.setdefault(name.partition(";")[0].lower(), []).append(value)
            begun = begun or name != "version"
        if dn is None:
            return Skipped("?", wrong or "has no dn") if begun else None
        return Skipped(dn, wrong) if wrong else Entry(dn, attributes)

    @staticmethod
    def _wrong_in(name, value):
        if value is None and name != "-":
            return f"{name} is read from a URL"
        if name.lower() == "changetype" and value.strip().lower() != b"add":
            return "is a change, and no entry"
        return ""
