"""The messages of the chat, after Messages.md of ChatProtocol."""

from reading import Malformed, Reader, demand

TEXT = 15 * 1024
NAME = 64
SENTENCE = 512

CODES = {
    "wrong-password", "too-many-attempts", "name-taken", "name-invalid", "banned", "kicked", "room-full",
    "no-such-user", "no-such-group", "group-taken", "no-such-line", "too-many", "not-a-member", "not-allowed", "muted", "slow-mode", "too-long", "text-invalid",
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


def salt(reader):
    return {"salt": reader.bytes(16).hex(), "passes": reader.integer(4), "kibibytes": reader.integer(4)}


def challenge(reader):
    session = reader.bytes(16).hex()
    return {"session": session} | salt(reader) | {"share": reader.bytes(32).hex()}


def answer(reader):
    return {"session": reader.bytes(16).hex(), "share": reader.bytes(32).hex(), "tag": reader.bytes(32).hex()}


def refusal(reader):
    value = {"code": code(reader), "text": reader.text(SENTENCE)}
    return value | {"challenge": challenge(reader) if reader.flag() else None}


def registration_request(reader):
    kind = reader.integer(1)
    demand(kind in (1, 2), "no step of a client")
    if kind == 1:
        return {"kind": "begin"}
    return {"kind": "keep"} | salt(reader) | {"verifier": reader.bytes(32).hex()}


def registration_event(reader):
    kind = reader.integer(1)
    demand(kind in (1, 2, 3), "no step of a server")
    if kind == 1:
        return {"kind": "salt"} | salt(reader)
    if kind == 2:
        return {"kind": "registered", "name": reader.name(NAME)}
    return {"kind": "refused", "code": code(reader), "text": reader.text(SENTENCE)}


def login_request(reader):
    value = {"name": reader.text(256), "incarnation": reader.integer(8), "history": reader.integer(2), "cursor": None}
    demand(value["history"] <= 1000, "too much history")
    if reader.flag():
        value["cursor"] = {"epoch": reader.integer(8), "number": reader.integer(8), "again": reader.flag()}
    value["answer"] = answer(reader) if reader.flag() else None
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


MODERATIONS = {1: "op", 2: "deop", 3: "kick", 4: "ban", 5: "unban", 6: "mute", 7: "unmute", 8: "slow"}

GROUP_ACTIONS = {
    1: "create", 2: "join", 3: "leave", 4: "invite", 5: "remove", 6: "private", 7: "public", 8: "hand-over",
}  # fmt: skip

NEED_PERSON = {"invite", "remove", "hand-over"}


def word(reader, words):
    number = reader.integer(1)
    demand(number in words, "an unknown action")
    return words[number]


def entry_number(reader):
    number = reader.varint()
    demand(number > 0, "no number of an entry")
    return number


def place(reader):
    kind = reader.integer(1)
    demand(kind <= 2, "an unknown place")
    if kind == 0:
        return {"place": "room"}
    return {"place": ("group", "person")[kind - 1], "placeName": reader.name(256)}


def text_line(reader):
    return {"line": "text", "text": line(reader)}


def action_line(reader):
    return {"line": "action", "text": line(reader)}


def reply_line(reader):
    return {"line": "reply", "target": entry_number(reader), "text": line(reader)}


def edit_line(reader):
    return {"line": "edit", "target": entry_number(reader), "text": line(reader)}


def delete_line(reader):
    return {"line": "delete", "target": entry_number(reader)}


def react_line(reader):
    value = {"line": "react", "target": entry_number(reader), "sign": reader.text(32)}
    demand("\0" not in value["sign"], "U+0000 in a reaction")
    return value


LINES = {1: text_line, 5: action_line, 6: reply_line, 7: edit_line, 8: delete_line, 9: react_line}


def any_line(reader):
    kind = reader.integer(1)
    demand(kind in LINES, "an unknown line")
    return LINES[kind](reader)


def post(reader):
    where = place(reader)
    return where | any_line(reader)


def count(reader):
    number = reader.integer(2)
    demand(1 <= number <= 1000, "a count out of range")
    return number


def question_history(reader):
    return place(reader) | {"before": reader.varint(), "count": count(reader)}


def question_search(reader):
    return place(reader) | {"words": reader.name(256), "count": count(reader)}


def question_seen(reader):
    return place(reader) | {"number": entry_number(reader)}


QUESTIONS = {
    1: ("members", place),
    2: ("people", lambda reader: {}),
    3: ("groups", lambda reader: {}),
    4: ("history", question_history),
    5: ("search", question_search),
    6: ("seen", question_seen),
}


def ask(reader):
    label = reader.integer(4)
    demand(label != 0, "label 0 is the login's")
    name, fields = row(QUESTIONS, reader.integer(1))
    return {"label": label, "question": name} | fields(reader)


def topic_request(reader):
    return place(reader) | {"text": reader.text(512)}


def group_request(reader):
    value = {"action": word(reader, GROUP_ACTIONS), "name": reader.name(256), "person": reader.text(256)}
    demand((value["person"] != "") == (value["action"] in NEED_PERSON), "a person where none belongs, or none")
    return value


def moderate(reader):
    return {
        "action": word(reader, MODERATIONS),
        "name": reader.text(256),
        "seconds": reader.integer(4),
        "text": reader.text(SENTENCE),
    }


def follow(reader):
    number = reader.varint()
    demand(number <= 66, "too many positions")
    positions = []
    for _ in range(number):
        positions.append({"log": reader.integer(4), "epoch": reader.integer(8), "number": reader.integer(8)})
    return {"positions": positions}


def account(reader):
    return {"step": reader.block(1024).hex()}


REQUESTS = {
    1: ("post", post),
    2: ("ask", ask),
    3: ("rename", lambda reader: {"name": reader.name(256)}),
    4: ("away", lambda reader: {"text": reader.text(128)}),
    5: ("topic", topic_request),
    6: ("group", group_request),
    7: ("moderate", moderate),
    8: ("follow", follow),
    9: ("typing", place),
    10: ("account", account),
}


def listing(key, element):
    """A piece of a list: a label, whether it is the last piece, a count, the elements."""

    def decode(reader):
        value = {"label": reader.integer(4), "isLast": reader.flag(), key: []}
        number = reader.varint()
        while len(value[key]) < number:
            value[key].append(element(reader))
        return value

    return decode


def rejected(reader):
    return {"outbox": reader.varint(), "code": code(reader), "text": reader.text(SENTENCE)}


def notice(reader):
    return {"text": reader.text(TEXT)}


def announcement(reader):
    value = {"alias": reader.varint(), "log": reader.integer(4)}
    demand(value["alias"] > 1, "an alias that is in use")
    kind = reader.integer(1)
    demand(kind in (2, 3), "no kind of a log that is announced")
    value |= {
        "logKind": {2: "group", 3: "inbox"}[kind],
        "title": reader.text(NAME),
        "epoch": reader.integer(8),
        "cursor": reader.integer(8),
        "end": reader.integer(8),
    }
    demand(value["cursor"] <= value["end"] < 1 << 62, "a cursor behind the end")
    return value | {"continued": reader.flag()}


def facts(reader):
    return {
        "topic": reader.text(512),
        "slow": reader.integer(4),
        "operator": reader.flag(),
        "registered": reader.flag(),
    }


def failed(reader):
    return {"label": reader.integer(4), "code": code(reader), "text": reader.text(SENTENCE)}


def person(reader):
    value = {
        "name": reader.name(NAME),
        "away": reader.text(128),
        "operator": reader.flag(),
        "roundTrip": reader.integer(4),
        "loss": reader.integer(2),
    }
    demand(value["loss"] <= 1000, "more lost than sent")
    return value | {"silence": reader.integer(4)}


def group(reader):
    value = {"name": reader.name(NAME), "members": reader.integer(4)}
    flags = reader.integer(1)
    demand(flags < 4, "unknown flags")
    return value | {"private": bool(flags & 1), "own": bool(flags & 2)}


def numbered_entry(reader):
    return {"number": entry_number(reader), "bytes": reader.block(16 * 1024).hex()}


def seen(reader):
    value = {"label": reader.integer(4), "total": reader.integer(4), "missingCount": reader.integer(4), "missing": []}
    demand(value["missingCount"] <= value["total"], "more missing than there are")
    number = reader.varint()
    demand(number <= value["missingCount"], "more names than are missing")
    while len(value["missing"]) < number:
        value["missing"].append(reader.name(NAME))
    return value


def typing(reader):
    return {"name": reader.name(NAME)} | place(reader)


def ticket(reader):
    return {"ticket": reader.block(512)}


EVENTS = {
    1: ("members", listing("names", lambda reader: reader.name(NAME))),
    2: ("rejected", rejected),
    3: ("notice", notice),
    4: ("log", announcement),
    5: ("followed", lambda reader: {}),
    6: ("unfollowed", lambda reader: {"log": reader.integer(4)}),
    7: ("facts", facts),
    8: ("failed", failed),
    9: ("people", listing("people", person)),
    10: ("groups", listing("groups", group)),
    11: ("entries", listing("entries", numbered_entry)),
    12: ("seen", seen),
    13: ("typing", typing),
    14: ("account", account),
    15: ("ticket", ticket),
}


def left(reader):
    reason = reader.integer(1)
    demand(reason in REASONS, "an unknown reason")
    return {"reason": REASONS[reason]}


def joined(_):
    return {}


def renamed(reader):
    return {"to": reader.name(NAME)}


def group_body(reader):
    return {"action": word(reader, GROUP_ACTIONS), "person": reader.text(NAME)}


def moderated(reader):
    return {
        "action": word(reader, MODERATIONS),
        "target": reader.text(256),
        "seconds": reader.integer(4),
        "text": reader.text(SENTENCE),
    }


def personal(reader):
    value = {"to": reader.name(NAME), "twin": reader.varint()}
    return value | any_line(reader)


def settled(reader):
    word_of_error = code(reader) if reader.flag() else None
    return {"code": word_of_error, "text": reader.text(SENTENCE)}


BODIES = {kind: ("line", decode) for kind, decode in LINES.items()} | {
    2: ("joined", joined),
    3: ("left", left),
    4: ("renamed", renamed),
    10: ("topic", lambda reader: {"text": reader.text(512)}),
    11: ("away", lambda reader: {"text": reader.text(128)}),
    12: ("moderated", moderated),
    13: ("group", group_body),
    14: ("personal", personal),
    15: ("settled", settled),
}


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
    "registration-request": whole(registration_request),
    "registration-event": whole(registration_event),
}
