"""The messages of the chat, after Messages.md of ChatProtocol."""

from reading import Malformed, Reader, demand

TEXT = 15 * 1024
NAME = 64
SENTENCE = 512

CODES = {
    "wrong-password", "too-many-attempts", "name-taken", "name-invalid", "banned", "kicked", "room-full",
    "no-such-user", "no-such-group", "not-a-member", "not-allowed", "muted", "slow-mode", "too-long", "text-invalid",
    "outbox-full", "unknown-command", "usage", "storage", "key-changed",
}  # fmt: skip

REASONS = {1: "quit", 2: "timeout", 3: "kicked", 4: "banned", 5: "shutdown"}


def whole(decode):
    """A decoder of a message that takes all of the bytes."""

    def decode_whole(data):
        reader = Reader(data)
        value = decode(reader)
        reader.end()
        return value

    return decode_whole


def line(reader):
    """The text of a line: not empty and without U+0000."""
    text = reader.text(TEXT)
    demand(text and "\0" not in text, "no text of a line")
    return text


def code(reader):
    word = reader.text(32)
    demand(word in CODES, "an unknown code")
    return word


def refusal(reader):
    return {"code": code(reader), "text": reader.text(SENTENCE)}


def login_request(reader):
    value = {"name": reader.text(256), "incarnation": reader.integer(8), "history": reader.integer(2), "cursor": None}
    demand(value["history"] <= 1000, "too much history")
    if reader.flag():
        value["cursor"] = {"epoch": reader.integer(8), "number": reader.integer(8)}
    return value


def welcome(reader):
    value = {
        "member": reader.integer(4),
        "name": reader.name(NAME),
        "server": reader.text(128),
        "room": reader.text(64),
        "epoch": reader.integer(8),
        "cursor": reader.integer(8),
        "end": reader.integer(8),
        "storedOutbox": reader.integer(8),
        "resumed": reader.flag(),
    }
    demand(value["cursor"] <= value["end"], "a cursor behind the end")
    return value


def say(reader):
    return {"text": line(reader)}


def ask_members(reader):
    label = reader.integer(4)
    demand(label != 0, "label 0 is the login's")
    return {"label": label}


REQUESTS = {1: ("say", say), 2: ("members", ask_members)}


def members(reader):
    value = {"label": reader.integer(4), "isLast": reader.flag(), "names": []}
    count = reader.varint()
    while len(value["names"]) < count:
        value["names"].append(reader.name(NAME))
    return value


def rejected(reader):
    return {"outbox": reader.varint(), "code": code(reader), "text": reader.text(SENTENCE)}


def notice(reader):
    return {"text": reader.text(TEXT)}


def ticket(reader):
    return {"ticket": reader.block(512)}


EVENTS = {1: ("members", members), 2: ("rejected", rejected), 3: ("notice", notice), 4: ("ticket", ticket)}


def left(reader):
    reason = reader.integer(1)
    demand(reason in REASONS, "an unknown reason")
    return {"reason": REASONS[reason]}


def joined(_):
    return {}


def renamed(reader):
    return {"to": reader.name(NAME)}


BODIES = {1: ("message", say), 2: ("joined", joined), 3: ("left", left), 4: ("renamed", renamed)}


def row(table, kind):
    if kind not in table:
        raise Malformed(f"unknown kind {kind}")
    return table[kind]


def by_kind(table):
    def decode(reader):
        name, fields = row(table, reader.integer(1))
        return {"kind": name} | fields(reader)

    return decode


def log_entry(reader):
    name, body = row(BODIES, reader.integer(1))
    value = {
        "kind": name,
        "time": reader.signed(8),
        "member": reader.integer(4),
        "name": reader.name(NAME),
        "outbox": reader.varint(),
    }
    return value | body(reader)


FORMATS = {
    "client-request": whole(by_kind(REQUESTS)),
    "server-event": whole(by_kind(EVENTS)),
    "log-entry": whole(log_entry),
    "login-request": whole(login_request),
    "welcome": whole(welcome),
    "refusal": whole(refusal),
}
