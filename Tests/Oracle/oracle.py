#!/usr/bin/env python3
"""A second decoder of the wire format, which follows the written specification.

    oracle.py              reads lines "FORMAT HEX" from standard input and answers each with one line:
                           "ok JSON" in a canonical form, or "no REASON"
    oracle.py --formats    prints the formats that it knows
    oracle.py --vectors F  checks the handshake vectors in a file, all cryptography recomputed; status 1 when one fails

It needs Python 3.9 or newer and nothing beyond its standard library, and shares no code with the product.
"""

import json
import sys

sys.dont_write_bytecode = True  # Nothing appears beside the sources.

import chat  # noqa: E402
import handshake_messages as handshake  # noqa: E402
import packets  # noqa: E402
import vectors  # noqa: E402
from reading import Malformed  # noqa: E402

FORMATS = {
    "hello": handshake.hello,
    "retry": handshake.retry,
    "server-hello": handshake.server_hello,
    "confirmation-finish": handshake.confirmation(0xC4),
    "confirmation-verdict": handshake.confirmation(0xC5),
    "login-payload": handshake.login_payload,
    "verdict-payload": handshake.verdict_payload,
    "reject": handshake.reject,
    "resume-hello": handshake.resume_hello,
    "resume-answer": handshake.resume_answer,
    "resume-payload": handshake.resume_payload,
    "ticket-refusal": handshake.ticket_refusal,
    "versions": handshake.versions,
    "stateless-reset": handshake.stateless_reset,
    "data-header-to-server": packets.data_header(to_server=True),
    "data-header-to-client": packets.data_header(to_server=False),
    "packet-number": packets.packet_number,
    "frame": packets.frames,
} | chat.FORMATS


def canonical(value):
    """JSON with sorted keys, ASCII only, without blanks; bytes as hexadecimal digits."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=bytes.hex)


def answer(line):
    name, _, digits = line.strip().partition(" ")
    try:
        return "ok " + canonical(FORMATS[name](bytes.fromhex(digits)))
    except Malformed as reason:
        return f"no {reason}"


def main(arguments):
    if arguments == ["--formats"]:
        print("\n".join(FORMATS))
        return 0
    if len(arguments) == 2 and arguments[0] == "--vectors":
        with open(arguments[1], encoding="utf-8") as file:
            return vectors.check(json.load(file))
    if arguments:
        print(__doc__, file=sys.stderr)
        return 64
    for line in sys.stdin:
        sys.stdout.write(answer(line) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
