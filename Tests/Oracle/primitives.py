"""The cryptography of the handshake, so that vectors can be checked without the product's library.

For verification only: it is slow, and its time depends on secrets.
"""

import hashlib
import hmac

# --- Strings (draft-irtf-cfrg-cpace, appendix A)


def leb128(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def lv_cat(*parts):
    return b"".join(leb128(len(part)) + part for part in parts)


# --- Hashes


def sha512(data):
    return hashlib.sha512(data).digest()


def hmac_sha512(key, data):
    return hmac.new(key, data, hashlib.sha512).digest()


def hkdf_extract(salt, secret):
    """RFC 5869, section 2.2."""
    return hmac_sha512(salt, secret)


def hkdf_expand(prk, info, count):
    """RFC 5869, section 2.3."""
    out, block, counter = b"", b"", 0
    while len(out) < count:
        counter += 1
        block = hmac_sha512(prk, block + info + bytes([counter]))
        out += block
    return out[:count]


# --- ChaCha20-Poly1305 (RFC 8439)


def quarter_round(state, a, b, c, d):
    for first, second, third, shift in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        state[first] = (state[first] + state[second]) & 0xFFFFFFFF
        mixed = state[third] ^ state[first]
        state[third] = (mixed << shift | mixed >> (32 - shift)) & 0xFFFFFFFF


def chacha20_block(key, counter, nonce):
    words = b"expand 32-byte k" + key + counter.to_bytes(4, "little") + nonce
    start = [int.from_bytes(words[place : place + 4], "little") for place in range(0, 64, 4)]
    state = list(start)
    for _ in range(10):
        for column in range(4):
            quarter_round(state, column, column + 4, column + 8, column + 12)
        for a, b, c, d in ((0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            quarter_round(state, a, b, c, d)
    return b"".join(((x + y) & 0xFFFFFFFF).to_bytes(4, "little") for x, y in zip(state, start))


def chacha20(key, nonce, data):
    out = bytearray()
    for index in range(0, len(data), 64):
        block = chacha20_block(key, 1 + index // 64, nonce)
        out += bytes(x ^ y for x, y in zip(data[index : index + 64], block))
    return bytes(out)


def poly1305(key, data):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    sum_ = 0
    for index in range(0, len(data), 16):
        sum_ = (sum_ + int.from_bytes(data[index : index + 16] + b"\x01", "little")) * r % ((1 << 130) - 5)
    return ((sum_ + int.from_bytes(key[16:], "little")) % (1 << 128)).to_bytes(16, "little")


def aead_tag(key, nonce, header, ciphertext):
    def padded(data):
        return data + bytes(-len(data) % 16)

    lengths = len(header).to_bytes(8, "little") + len(ciphertext).to_bytes(8, "little")
    return poly1305(chacha20_block(key, 0, nonce)[:32], padded(header) + padded(ciphertext) + lengths)


def seal(key, nonce, header, plaintext):
    ciphertext = chacha20(key, nonce, plaintext)
    return ciphertext + aead_tag(key, nonce, header, ciphertext)


def open_sealed(key, nonce, header, sealed):
    """The plaintext, or None when the tag is another one."""
    ciphertext, tag = sealed[:-16], sealed[-16:]
    return chacha20(key, nonce, ciphertext) if aead_tag(key, nonce, header, ciphertext) == tag else None


# --- AES-256-GCM (FIPS 197, NIST SP 800-38D)


def doubled(value):
    """Times x in the field of AES."""
    return (value << 1 ^ (0x11B if value & 0x80 else 0)) & 0xFF


def substitution_box():
    """Inverses, found as powers of the generator 3, through the affine map."""
    powers = [1]
    for _ in range(254):
        powers.append(doubled(powers[-1]) ^ powers[-1])
    box = [0x63] * 256
    for exponent, value in enumerate(powers):
        inverse = powers[-exponent % 255]
        bits = inverse | inverse << 8
        box[value] = (bits ^ bits >> 4 ^ bits >> 5 ^ bits >> 6 ^ bits >> 7) & 0xFF ^ 0x63
    return box


BOX = substitution_box()


def expanded(key):
    """The round keys of AES-256, 15 of 16 bytes."""
    words, constant = [list(key[place : place + 4]) for place in range(0, 32, 4)], 1
    for index in range(8, 60):
        word = list(words[-1])
        if index % 8 == 0:
            word = [BOX[byte] for byte in word[1:] + word[:1]]
            word[0] ^= constant
            constant = doubled(constant)
        elif index % 8 == 4:
            word = [BOX[byte] for byte in word]
        words.append([x ^ y for x, y in zip(words[-8], word)])
    return [sum(words[place : place + 4], []) for place in range(0, 60, 4)]


def aes_block(round_keys, block):
    state = [x ^ y for x, y in zip(block, round_keys[0])]
    for index, key in enumerate(round_keys[1:], 1):
        state = [BOX[state[(place + 4 * (place % 4)) % 16]] for place in range(16)]
        if index < len(round_keys) - 1:
            mixed = []
            for place in range(0, 16, 4):
                column = state[place : place + 4]
                for row in range(4):
                    a, b = column[row], column[(row + 1) % 4]
                    mixed.append(doubled(a) ^ doubled(b) ^ b ^ column[(row + 2) % 4] ^ column[(row + 3) % 4])
            state = mixed
        state = [x ^ y for x, y in zip(state, key)]
    return bytes(state)


def ghash(subkey, data):
    factor, total = int.from_bytes(subkey, "big"), 0
    for place in range(0, len(data), 16):
        total ^= int.from_bytes(data[place : place + 16], "big")
        product, shifted = 0, factor
        for bit in range(127, -1, -1):
            if total >> bit & 1:
                product ^= shifted
            shifted = shifted >> 1 ^ (0xE1 << 120 if shifted & 1 else 0)
        total = product
    return total.to_bytes(16, "big")


def seal_gcm(key, nonce, header, plaintext):
    def padded(data):
        return data + bytes(-len(data) % 16)

    keys = expanded(key)
    ciphertext = bytearray()
    for place in range(0, len(plaintext), 16):
        block = aes_block(keys, nonce + (2 + place // 16).to_bytes(4, "big"))
        ciphertext += bytes(x ^ y for x, y in zip(plaintext[place : place + 16], block))
    lengths = (8 * len(header)).to_bytes(8, "big") + (8 * len(ciphertext)).to_bytes(8, "big")
    hashed = ghash(aes_block(keys, bytes(16)), padded(header) + padded(bytes(ciphertext)) + lengths)
    mask = aes_block(keys, nonce + (1).to_bytes(4, "big"))
    return bytes(ciphertext) + bytes(x ^ y for x, y in zip(hashed, mask))


# --- SipHash-2-4 (Aumasson and Bernstein, 2012)


def rotated(word, shift):
    return (word << shift | word >> (64 - shift)) & (1 << 64) - 1


def sip_round(v):
    mask = (1 << 64) - 1
    for a, b, c, d, first, second in ((0, 1, 2, 3, 13, 16), (2, 1, 0, 3, 17, 21)):
        v[a] = (v[a] + v[b]) & mask
        v[b] = rotated(v[b], first) ^ v[a]
        v[a] = rotated(v[a], 32)
        v[c] = (v[c] + v[d]) & mask
        v[d] = rotated(v[d], second) ^ v[c]


def siphash24(key, data):
    """8 bytes: the output as a little-endian number."""
    words = [int.from_bytes(key[place : place + 8], "little") for place in (0, 8)]
    start = b"somepseudorandomlygeneratedbytes"
    v = [int.from_bytes(start[place : place + 8], "big") ^ words[place // 8 % 2] for place in (0, 8, 16, 24)]
    padded = data + bytes(-(len(data) + 1) % 8) + bytes([len(data) % 256])
    for place in range(0, len(padded), 8):
        word = int.from_bytes(padded[place : place + 8], "little")
        v[3] ^= word
        sip_round(v)
        sip_round(v)
        v[0] ^= word
    v[2] ^= 0xFF
    for _ in range(4):
        sip_round(v)
    return (v[0] ^ v[1] ^ v[2] ^ v[3]).to_bytes(8, "little")


# --- edwards25519 (RFC 8032, section 5.1), in extended coordinates X, Y, Z, T

P = (1 << 255) - 19
ORDER = (1 << 252) + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
IDENTITY = (0, 1, 1, 0)


def add(left, right):
    a = (left[1] - left[0]) * (right[1] - right[0]) % P
    b = (left[1] + left[0]) * (right[1] + right[0]) % P
    c = 2 * left[3] * right[3] * D % P
    d = 2 * left[2] * right[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(point, scalar):
    product = IDENTITY
    while scalar:
        if scalar & 1:
            product = add(product, point)
        point = add(point, point)
        scalar >>= 1
    return product


def same_point(left, right):
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def ed25519_point(data):
    """RFC 8032, section 5.1.3; None for what encodes no point."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    was_square, x = sqrt_ratio(y * y - 1, D * y * y + 1)
    if y >= P or not was_square or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


def ed25519_encode(point):
    inverse = pow(point[2], -1, P)
    return (point[1] * inverse % P | (point[0] * inverse % P & 1) << 255).to_bytes(32, "little")


def base_point():
    return ed25519_point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def ed25519_secret(seed):
    """RFC 8032, section 5.1.5: the scalar, and what nonces are made of."""
    digest = sha512(seed)
    scalar = int.from_bytes(digest[:32], "little") & ((1 << 254) - 8) | 1 << 254
    return scalar, digest[32:]


def ed25519_public_key(seed):
    return ed25519_encode(multiply(base_point(), ed25519_secret(seed)[0]))


def ed25519_sign(seed, message):
    """RFC 8032, section 5.1.6."""
    scalar, prefix = ed25519_secret(seed)
    nonce = int.from_bytes(sha512(prefix + message), "little") % ORDER
    front = ed25519_encode(multiply(base_point(), nonce))
    challenge = int.from_bytes(sha512(front + ed25519_public_key(seed) + message), "little") % ORDER
    return front + ((nonce + challenge * scalar) % ORDER).to_bytes(32, "little")


def ed25519_verify(key, message, signature):
    """RFC 8032, section 5.1.7."""
    a, r = ed25519_point(key), ed25519_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    challenge = int.from_bytes(sha512(signature[:32] + key + message), "little") % ORDER
    return same_point(multiply(base_point(), s), add(r, multiply(a, challenge)))


# --- ristretto255 (RFC 9496, section 4)


def sqrt_ratio(u, v):
    """SQRT_RATIO_M1: whether u/v is a square, and its root, or that of SQRT_M1 * u/v, not negative."""
    u, v = u % P, v % P
    root = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    check = v * root * root % P
    flipped = check == -u % P
    if flipped or check == -u * SQRT_M1 % P:
        root = root * SQRT_M1 % P
    return check == u or flipped, magnitude(root)


def magnitude(value):
    value %= P
    return P - value if value & 1 else value


ONE_MINUS_D_SQ = (1 - D * D) % P
D_MINUS_ONE_SQ = (D - 1) * (D - 1) % P
SQRT_AD_MINUS_ONE = P - sqrt_ratio(-D - 1, 1)[1]
INVSQRT_A_MINUS_D = sqrt_ratio(1, -1 - D)[1]


def ristretto_decode(data):
    """Section 4.3.1; None for what encodes no element."""
    s = int.from_bytes(data, "little")
    if s >= P or s & 1:
        return None
    u1, u2 = (1 - s * s) % P, (1 + s * s) % P
    v = (-D * u1 * u1 - u2 * u2) % P
    was_square, inverse = sqrt_ratio(1, v * u2 * u2)
    dx = inverse * u2 % P
    x = magnitude(2 * s * dx)
    y = u1 * inverse * dx * v % P
    t = x * y % P
    return None if not was_square or t & 1 or y == 0 else (x, y, 1, t)


def ristretto_encode(point):
    """Section 4.3.2."""
    x0, y0, z0, t0 = point
    u1, u2 = (z0 + y0) * (z0 - y0) % P, x0 * y0 % P
    _, inverse = sqrt_ratio(1, u1 * u2 * u2)
    den1, den2 = inverse * u1 % P, inverse * u2 % P
    z_inverse = den1 * den2 * t0 % P
    if t0 * z_inverse % P & 1:
        x, y, den = y0 * SQRT_M1 % P, x0 * SQRT_M1 % P, den1 * INVSQRT_A_MINUS_D % P
    else:
        x, y, den = x0, y0, den2
    if x * z_inverse % P & 1:
        y = -y
    return magnitude(den * (z0 - y)).to_bytes(32, "little")


def ristretto_map(data):
    """MAP of section 4.3.4."""
    t = int.from_bytes(data, "little") & ((1 << 255) - 1)
    r = SQRT_M1 * t * t % P
    u = (r + 1) * ONE_MINUS_D_SQ % P
    v = (-1 - r * D) * (r + D) % P
    was_square, s = sqrt_ratio(u, v)
    c = -1
    if not was_square:
        s, c = -magnitude(s * t), r
    n = (c * (r - 1) * D_MINUS_ONE_SQ - v) % P
    w0, w1 = 2 * s * v % P, n * SQRT_AD_MINUS_ONE % P
    w2, w3 = (1 - s * s) % P, (1 + s * s) % P
    return (w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P)


def ristretto_from_hash(data):
    return add(ristretto_map(data[:32]), ristretto_map(data[32:]))
