"""The datagrams of a handshake and what is sealed in them, after "The handshake" of WireFormat.md."""

from reading import Reader, demand

VERSION = 1


def start(data, kind):
    reader = Reader(data)
    demand(reader.integer(1) == kind, "another first byte")
    return reader


def version(reader):
    demand(reader.integer(4) == VERSION, "another version")


def no_flags(reader):
    demand(reader.integer(1) == 0, "unknown flags")


def hello(data):
    """M1."""
    demand(len(data) == 1200, "a hello has 1,200 bytes")
    reader = start(data, 0xC1)
    version(reader)
    value = {"client": reader.bytes(8), "sid": reader.bytes(32), "aeads": reader.integer(1)}
    no_flags(reader)
    value["share"] = reader.bytes(32)
    length = reader.integer(1)
    demand(length in (0, 32), "a cookie has 0 or 32 bytes")
    value["cookie"] = reader.bytes(length)
    demand(not any(reader.rest()), "padding is zeros")
    return value


def retry(data):
    reader = start(data, 0xC2)
    version(reader)
    value = {"client": reader.bytes(8), "sid": reader.bytes(16), "cookie": reader.bytes(32)}
    reader.end()
    return value


def server_hello(data):
    """M2."""
    reader = start(data, 0xC3)
    version(reader)
    value = {
        "client": reader.bytes(8),
        "server": reader.bytes(8),
        "nonce": reader.bytes(32),
        "aead": reader.integer(1),
    }
    no_flags(reader)
    value |= {"key": reader.bytes(32), "share": reader.bytes(32), "signature": reader.bytes(64)}
    reader.end()
    return value


def confirmation(kind):
    """The front of M3 and M4; the rest is sealed."""

    def decode(data):
        demand(len(data) <= 1200, "at most 1,200 bytes")
        reader = start(data, kind)
        return {"destination": reader.bytes(8), "number": reader.integer(8), "tag": reader.bytes(32)}

    return decode


def login_payload(data):
    """What is sealed in M3."""
    reader = Reader(data)
    value = {"device": reader.bytes(32), "proof": reader.bytes(64), "application": reader.block(640)}
    reader.block(1200)  # Extensions: none is known here.
    reader.end()
    return value


def verdict_payload(data):
    """What is sealed in M4."""
    reader = Reader(data)
    value = {"accepted": reader.flag(), "application": reader.block(640), "resetToken": None, "ticket": None}
    extensions = Reader(reader.block(1200))
    reader.end()
    while extensions.left():
        kind, content = extensions.varint(), extensions.block(1200)
        if kind == 1:
            demand(len(content) == 16 and value["resetToken"] is None, "one reset token of 16 bytes")
            value["resetToken"] = content
        if kind == 2:
            demand(len(content) == 274 and value["ticket"] is None, "one ticket of 274 bytes")
            value["ticket"] = content
    return value


def reject(data):
    reader = start(data, 0xC6)
    value = {"client": reader.bytes(8), "code": reader.integer(1)}
    demand(value["code"] in (1, 2), "an unknown code")
    value |= {"retryAfter": reader.integer(2), "finish": reader.bytes(16), "signature": reader.bytes(64)}
    reader.end()
    return value


def resume_hello(data):
    """R1."""
    demand(len(data) == 1200, "1,200 bytes")
    reader = start(data, 0xC8)
    version(reader)
    value = {"client": reader.bytes(8), "sid": reader.bytes(32), "aeads": reader.integer(1)}
    no_flags(reader)
    value["share"] = reader.bytes(32)
    length = reader.integer(1)
    demand(length in (0, 32), "a cookie has 0 or 32 bytes")
    value |= {"cookie": reader.bytes(length), "ticket": reader.bytes(274)}
    value["sealed"] = reader.bytes(reader.integer(2))
    demand(not any(reader.rest()), "padding is zeros")
    return value


def resume_answer(data):
    """The front of R2; the rest is sealed."""
    demand(len(data) <= 1200, "at most 1,200 bytes")
    reader = start(data, 0xC9)
    return {
        "client": reader.bytes(8),
        "server": reader.bytes(8),
        "aead": reader.integer(1),
        "share": reader.bytes(32),
    }


def resume_payload(data):
    """What is sealed in R1."""
    reader = Reader(data)
    value = {"application": reader.block(640)}
    reader.block(1200)  # Extensions: none is known here.
    reader.end()
    return value


def ticket_refusal(data):
    reader = start(data, 0xCA)
    value = {"client": reader.bytes(8), "hello": reader.bytes(16), "signature": reader.bytes(64)}
    reader.end()
    return value


def versions(data):
    """The answer to a hello of another version."""
    reader = start(data, 0xC7)
    value = {"client": reader.bytes(8), "versions": []}
    while reader.left():
        value["versions"].append(reader.integer(4))
    return value


def stateless_reset(data):
    """What a client may take for the end of its connection; it compares the token with its own."""
    demand(21 <= len(data) <= 40, "a reset has 21 to 40 bytes")
    demand(data[0] in (0x80, 0x81), "another first byte")
    return {"token": data[-16:]}
