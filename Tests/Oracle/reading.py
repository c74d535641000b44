"""Reading fields off bytes, as the overview of WireFormat.md states them."""


class Malformed(Exception):
    """The bytes are not what the specification says they should be."""


def demand(condition, reason):
    if not condition:
        raise Malformed(reason)


class Reader:
    """A cursor over bytes. Every method takes one field off the front, or raises `Malformed`."""

    def __init__(self, data):
        self.data = data
        self.place = 0

    def left(self):
        return len(self.data) - self.place

    def bytes(self, count):
        demand(self.left() >= count, f"{count} bytes needed, {self.left()} left")
        taken = self.data[self.place : self.place + count]
        self.place += count
        return taken

    def integer(self, width):
        return int.from_bytes(self.bytes(width), "big")

    def signed(self, width):
        return int.from_bytes(self.bytes(width), "big", signed=True)

    def varint(self):
        """RFC 9000, section 16: two bits of length, then the number; longer forms than needed are read."""
        first = self.integer(1)
        rest = self.bytes((1 << (first >> 6)) - 1)
        return int.from_bytes(bytes([first & 0x3F]) + rest, "big")

    def block(self, most):
        length = self.varint()
        demand(length <= most, f"a block of {length} bytes, {most} allowed")
        return self.bytes(length)

    def text(self, most):
        try:
            return self.block(most).decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed("not UTF-8") from None

    def name(self, most):
        """A text that is not empty."""
        text = self.text(most)
        demand(text, "an empty name")
        return text

    def flag(self):
        value = self.integer(1)
        demand(value <= 1, "a flag is 0 or 1")
        return value == 1

    def rest(self):
        return self.bytes(self.left())

    def end(self):
        demand(self.left() == 0, f"{self.left()} bytes too many")
