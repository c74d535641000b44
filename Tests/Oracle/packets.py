"""Data packets: header, packet number and frames, after "Data packets" of WireFormat.md."""

from reading import Malformed, Reader, demand

FRAGMENT = 1024
MESSAGE = 16384


def data_header(to_server):
    def decode(data):
        reader = Reader(data)
        flags = reader.integer(1)
        demand(flags in (0x80, 0x81), "another first byte")
        destination = reader.bytes(8) if to_server else None
        return {"phase": flags & 1, "destination": destination, "number": reader.integer(4)}

    return decode


def packet_number(data):
    """RFC 9000, appendix A.3, for 32 bits: low bits 4, next number expected 8."""
    reader = Reader(data)
    truncated, expected = reader.integer(4), reader.integer(8)
    reader.end()
    window = 1 << 32
    candidate = (expected & ~(window - 1)) | truncated
    if candidate <= expected - window // 2 and candidate < (1 << 62) - window:
        candidate += window
    elif candidate > expected + window // 2 and candidate >= window:
        candidate -= window
    return {"number": candidate}


def ping(_):
    return {}


def acknowledgement(reader):
    return {"largest": reader.integer(4), "delay": reader.integer(2), "bitmap": reader.integer(8)}


def message_front(reader):
    value = {"alias": reader.varint(), "number": reader.varint(), "distance": reader.varint()}
    demand(1 <= value["distance"] <= value["number"], "the entry before is before, and not before the log's beginning")
    return value


def message(reader):
    return message_front(reader) | {"bytes": reader.block(FRAGMENT)}


def fragment(reader):
    value = message_front(reader) | {"total": reader.varint(), "index": reader.integer(1)}
    demand(FRAGMENT < value["total"] <= MESSAGE, "what fits one frame, or no message, is not fragmented")
    start = value["index"] * FRAGMENT
    demand(start < value["total"], "a fragment behind the end")
    return value | {"bytes": reader.bytes(min(FRAGMENT, value["total"] - start))}


def taken(reader):
    return {"alias": reader.varint(), "number": reader.varint()}


def close(reader):
    return {"code": reader.varint(), "text": reader.text(200)}


def eight_bytes(reader):
    return {"data": reader.bytes(8)}


def connection_id(reader):
    value = {"sequence": reader.varint(), "server": reader.bytes(8), "token": reader.bytes(16)}
    demand(value["sequence"] >= 1, "the ID of the handshake is not given out again")
    return value


def acknowledgement_policy(reader):
    value = {"sequence": reader.varint(), "packets": reader.integer(1), "delay": reader.integer(2)}
    demand(value["sequence"] >= 1 and 1 <= value["packets"] <= 32, "policies count from 1, packets to 32")
    demand(value["delay"] * 32 <= 250_000, "a delay above 250 ms")
    return value


def congestion_marks(reader):
    return {"marked": reader.varint(), "congested": reader.varint()}


def acknowledged_ranges(reader):
    top, delay, count = reader.varint(), reader.varint(), reader.varint()
    demand(1 <= count <= 64, "1 to 64 ranges")
    ranges = []
    for place in range(count):
        if place:
            top = ranges[-1][0] - 2 - reader.varint()
        bottom = top - reader.varint()
        demand(bottom >= 0, "a range below zero")
        ranges.append([bottom, top])
    return {"delay": delay, "ranges": ranges}


def stream_id(reader):
    stream = reader.varint()
    demand(stream, "stream 0 is no stream")
    return stream


def stream(reader, last):
    value = {"stream": stream_id(reader), "offset": reader.varint(), "bytes": reader.block(16384), "last": last}
    demand(value["offset"] + len(value["bytes"]) < 1 << 62, "a stream beyond the largest offset")
    return value


def credit(reader):
    return {"stream": reader.varint(), "limit": reader.varint()}


def reset(reader):
    return {"stream": stream_id(reader), "code": reader.varint(), "size": reader.varint()}


def stop(reader):
    return {"stream": stream_id(reader), "code": reader.varint()}


# One row for each frame; `00`, padding, is skipped.
FRAMES = {
    0x01: ("ping", ping),
    0x02: ("ack", acknowledgement),
    0x03: ("ackRanges", acknowledged_ranges),
    0x04: ("message", message),
    0x05: ("fragment", fragment),
    0x06: ("close", close),
    0x07: ("taken", taken),
    0x08: ("stream", lambda reader: stream(reader, False)),
    0x09: ("stream", lambda reader: stream(reader, True)),
    0x0A: ("credit", credit),
    0x0B: ("reset", reset),
    0x0C: ("stop", stop),
    0x18: ("newConnectionID", connection_id),
    0x1A: ("pathChallenge", eight_bytes),
    0x1B: ("pathResponse", eight_bytes),
    0x21: ("acknowledgementPolicy", acknowledgement_policy),
    0x22: ("congestionMarks", congestion_marks),
}


def frames(data):
    """All frames of an opened packet."""
    reader, values = Reader(data), []
    while reader.left():
        kind = reader.integer(1)
        if kind == 0:
            continue
        if kind not in FRAMES:
            raise Malformed(f"unknown frame {kind:02x}")
        name, decode = FRAMES[kind]
        values.append({"frame": name} | decode(reader))
    return values
