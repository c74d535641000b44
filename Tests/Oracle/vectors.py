"""Plays the handshakes of a file of vectors from what each was given alone, and compares every value on the way.

Keys and shares are derived, datagrams built and sealed, all after WireFormat.md; nothing is taken over from the file.
"""

import hashlib

import primitives as crypto
from primitives import hkdf_expand, lv_cat, sha512

VERSION = (1).to_bytes(4, "big")
CHANNEL = lv_cat(b"gaschat/1 client", b"gaschat/1 server", b"main")
DOMAIN = b"CPaceRistretto255"


def varint(value):
    """RFC 9000, section 16, in the shortest form."""
    for width, form in ((1, 0), (2, 0x40), (4, 0x80), (8, 0xC0)):
        if value < 1 << (8 * width - 2):
            data = value.to_bytes(width, "big")
            return bytes([data[0] | form]) + data[1:]
    raise ValueError(value)


def block(data):
    return varint(len(data)) + data


# --- CPace (draft-irtf-cfrg-cpace, sections 6 and 7)


def generator(prs, sid):
    pad = max(0, 128 - 1 - len(lv_cat(prs)) - len(lv_cat(DOMAIN)))
    return crypto.ristretto_from_hash(sha512(lv_cat(DOMAIN, prs, bytes(pad), CHANNEL, sid)))


def scalar(uniform):
    return int.from_bytes(uniform, "little") % crypto.ORDER


class Party:
    def __init__(self, password, sid, uniform):
        self.sid = sid
        self.prs = lv_cat(b"room", password)
        self.scalar = scalar(uniform)
        self.generator = generator(self.prs, sid)
        self.share = crypto.ristretto_encode(crypto.multiply(self.generator, self.scalar))

    def session_key(self, peer_share, transcript):
        point = crypto.ristretto_encode(crypto.multiply(crypto.ristretto_decode(peer_share), self.scalar))
        return sha512(lv_cat(DOMAIN + b"_ISK", self.sid, point) + transcript)


# --- Keys


class PacketKey:
    def __init__(self, secret, aead):
        self.secret = secret
        self.seal_with = aead
        block = hkdf_expand(secret, b"gaschat/1 packet", 60)
        self.key, self.iv, self.header_key = block[:32], block[32:44], block[44:]

    def nonce(self, number):
        return bytes(x ^ y for x, y in zip(self.iv, number.to_bytes(12, "big")))

    def seal(self, header, number, plaintext):
        return header + self.seal_with(self.key, self.nonce(number), header, plaintext)

    def seal_data(self, front, number, plaintext, header_key):
        """A data packet: its number is hidden, and not a part of the associated data."""
        sealed = self.seal_with(self.key, self.nonce(number), front, plaintext)
        mask = crypto.siphash24(header_key, sealed[:16])
        low = (number % (1 << 32)).to_bytes(4, "big")
        return front + bytes(x ^ y for x, y in zip(low, mask)) + sealed

    def successor(self):
        return PacketKey(hkdf_expand(self.secret, b"gaschat/1 key update", 64), self.seal_with)

    def facts(self, name):
        return {f"{name} secret": self.secret, f"{name} key": self.key, f"{name} iv": self.iv}


def tag(key, data):
    return crypto.hmac_sha512(key, data)[:32]


class Keys:
    """What one side derives from ISK."""

    def __init__(self, isk, th, aead):
        self.th = th
        self.aead = aead
        self.prk = crypto.hkdf_extract(th, isk)
        self.client_confirm = hkdf_expand(self.prk, b"gaschat/1 client confirm", 64)
        self.server_confirm = hkdf_expand(self.prk, b"gaschat/1 server confirm", 64)
        self.client = PacketKey(hkdf_expand(self.prk, b"gaschat/1 client handshake", 64), aead)
        self.server = PacketKey(hkdf_expand(self.prk, b"gaschat/1 server handshake", 64), aead)
        self.login_exporter = hkdf_expand(self.prk, b"gaschat/1 login exporter", 32)

    def facts(self):
        return {
            "th": self.th,
            "prk": self.prk,
            "client confirm": self.client_confirm,
            "server confirm": self.server_confirm,
            "login exporter": self.login_exporter,
            **self.client.facts("client handshake"),
            **self.server.facts("server handshake"),
        }


# --- Datagrams


def hello(given, share, cookie):
    data = b"\xc1" + VERSION + given["client ID"] + given["sid"] + given["AEADs"] + b"\x00" + share + block(cookie)
    return data + bytes(1200 - len(data))


def server_hello(given, m1, share):
    key = crypto.ed25519_public_key(given["server seed"])
    data = b"\xc3" + VERSION + given["client ID"] + given["server ID"] + given["nonce"]
    data += bytes([chosen(given), 0]) + key + share
    signed = lv_cat(b"gaschat/1 server sig", sha512(m1), data)
    return data + crypto.ed25519_sign(given["server seed"], signed)


def chosen(given):
    """Both sides have what the client offers."""
    return 2 if given["AEADs"][0] & 2 else 1


def aead(given):
    return crypto.seal_gcm if chosen(given) == 2 else crypto.seal


def finish(given, keys):
    proof = crypto.ed25519_sign(given["device seed"], lv_cat(b"gaschat/1 device", keys.login_exporter))
    plaintext = crypto.ed25519_public_key(given["device seed"]) + proof + block(given["login"]) + block(b"")
    header = b"\xc4" + given["server ID"] + bytes(8) + tag(keys.client_confirm, keys.th)
    return plaintext, keys.client.seal(header, 0, plaintext)


def reset_token(given):
    key = hkdf_expand(given["server seed"], b"gaschat/1 stateless reset", 32)
    return hashlib.blake2b(given["server ID"], digest_size=16, key=key).digest()


def verdict(given, keys, m3):
    accepted = given["answer"] == b"accept"
    extensions = varint(1) + block(reset_token(given)) if accepted else b""
    plaintext = bytes([accepted]) + block(given["verdict"]) + block(extensions)
    header = b"\xc5" + given["client ID"] + bytes(8) + tag(keys.server_confirm, lv_cat(keys.th, m3))
    return plaintext, keys.server.seal(header, 0, plaintext)


def reject(given, m3, code, seconds):
    data = b"\xc6" + given["client ID"] + bytes([code]) + seconds.to_bytes(2, "big") + sha512(m3)[:16]
    return data + crypto.ed25519_sign(given["server seed"], lv_cat(b"gaschat/1 reject", data))


# --- A run


def play(given):
    """Every value of a handshake, by its name in the file."""
    client = Party(given["client password"], given["sid"], given["client uniform"])
    server = Party(given["password"], given["sid"], given["server uniform"])
    made = {"prs": client.prs, "channel": CHANNEL, "m1": hello(given, client.share, b"")}
    made["generator"] = crypto.ristretto_encode(client.generator)
    m1 = made["m1"]
    if given["cookie"]:
        made["retry"] = b"\xc2" + VERSION + given["client ID"] + given["sid"][:16] + given["cookie"]
        m1 = made["m1 with cookie"] = hello(given, client.share, given["cookie"])
    m2 = made["m2"] = server_hello(given, m1, server.share)
    transcript = lv_cat(client.share, m1[:47]) + lv_cat(server.share, m2[:87])
    made["isk"] = client.session_key(server.share, transcript)
    keys = Keys(made["isk"], sha512(lv_cat(b"gaschat/1 th", m1, m2)), aead(given))
    made |= keys.facts()
    made["m3 plaintext"], m3 = finish(given, keys)
    made["m3"] = m3
    if given["answer"] == b"turn away":
        return made | {"reject": reject(given, m3, 2, int(given["wait"]))}, []
    heard = Keys(server.session_key(client.share, transcript), keys.th, keys.aead)
    if tag(heard.client_confirm, heard.th) != m3[17:49]:
        return made | {"reject": reject(given, m3, 1, 0)}, []
    made["m4 plaintext"], made["m4"] = verdict(given, keys, m3)
    if given["answer"] == b"refuse":
        return made, []
    made |= application(keys, m3)
    return made, packets(given, made)


def application(keys, m3):
    h3 = sha512(lv_cat(b"gaschat/1 th3", keys.th, m3))
    facts = {"h3": h3}
    for side in ("client", "server"):
        key = PacketKey(hkdf_expand(keys.prk, f"gaschat/1 {side} application".encode() + h3, 64), keys.aead)
        facts |= key.facts(f"{side} application") | key.successor().facts(f"{side} updated")
        facts[f"{side} header key"] = key.header_key
    facts["resumption"] = hkdf_expand(keys.prk, b"gaschat/1 resumption" + h3, 64)
    facts["exporter"] = hkdf_expand(keys.prk, b"gaschat/1 exporter" + h3, 64)
    return facts


def packets(given, facts):
    """The data packets, each under the key of its phase."""
    made = []
    for packet in given["packets"]:
        side, phase, number = packet["from"].decode(), int(packet["phase"]), int(packet["number"])
        key = PacketKey(facts[f"{side} {'updated' if phase else 'application'} secret"], aead(given))
        destination = given["server ID"] if side == "client" else b""
        front = bytes([0x80 | phase]) + destination
        datagram = key.seal_data(front, number, packet["plaintext"], facts[f"{side} header key"])
        made.append({"nonce": key.nonce(number), "datagram": datagram})
    return made


# --- Comparing

WORDS = {"password", "client password", "answer", "wait", "from", "phase", "number"}


def parse(fields):
    """Words as UTF-8, everything else from hexadecimal digits."""
    return {name: text.encode() if name in WORDS else bytes.fromhex(text) for name, text in fields.items()}


def differences(run):
    given = parse(run["given"])
    given["packets"] = [parse(packet) for packet in run["packets"]]
    made, datagrams = play(given)
    found = [f"{name} differs" for name in made if run["made"].get(name) != made[name].hex()]
    found += [f"{name} is unknown" for name in run["made"] if name not in made]
    for index, (packet, fresh) in enumerate(zip(run["packets"], datagrams)):
        found += [f"packet {index}: {name} differs" for name in fresh if packet[name] != fresh[name].hex()]
    if len(datagrams) != len(run["packets"]):
        found.append("packets that nobody could send")
    return found


def check(file):
    """Prints a line for each run; 1 when something differs, else 0."""
    status = 0
    for run in file["runs"]:
        found = differences(run)
        status = 1 if found else status
        print(f"{run['name']}: {', '.join(found) or 'as recorded'}")
    return status if file["runs"] else 1
