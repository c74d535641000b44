extension Limits {
    // MARK: Streams

    /// The most bytes in one STREAM frame: less than any datagram has.
    package static let streamFrameBytes = 16 * 1024

    // MARK: Acknowledgements of bulk

    /// Ranges of received packet numbers that are kept, and that an ACK_RANGES frame may have.
    package static let acknowledgedRanges = 64
    /// Ranges that are reported: at 5 % loss more than six hundred packets, in about a hundred bytes.
    package static let reportedRanges = 32
    /// Each so manieth acknowledgement of a bulk transfer tells ranges, so that several lost ones in a row do no harm.
    package static let rangesInterval = 4
}
