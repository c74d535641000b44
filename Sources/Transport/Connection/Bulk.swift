import Basics

/// The streams of a connection, and what is known of their packets and of the path. There is none where no stream was
/// ever opened or accepted.
struct Bulk: Sendable {
    private(set) var streams: Streams
    private(set) var packets = BulkPackets()
    private(set) var congestion: BulkCongestion
    private var detector = LossDetector()
    private var pacer = Pacer()
    private let packetBytes: Int

    /// Packets sent into silence since something arrived.
    private var probes = 0
    /// How long the peer may hold acknowledgements back.
    private var patience = Limits.acknowledgementDelay
    private var wantsProbe = false
    private var lastSent: Instant
    /// Packets that left before took another path.
    private var pathSince: Instant

    init(role: Connection.Role, path: RoundTrip, packetBytes: Int, at now: Instant) {
        streams = Streams(role: role)
        congestion = BulkCongestion(path: path, packetBytes: packetBytes, at: now)
        self.packetBytes = packetBytes
        lastSent = now
        pathSince = now
    }

    /// Changes the streams for their owner.
    mutating func change<Result>(_ body: (inout Streams) -> Result) -> Result { body(&streams) }

    mutating func takeEvents() -> [(StreamID, StreamEvent)] {
        guard !streams.events.isEmpty else { return [] }
        defer { streams.events.removeAll(keepingCapacity: true) }
        return streams.events
    }

    /// - Returns: whether the frame brought anything new.
    mutating func receive(_ frame: Frame) throws(ProtocolViolation) -> Bool {
        switch frame {
        case .stream(let chunk): return try streams.receive(chunk)
        case .credit(let credit): try streams.receive(credit)
        case .reset(let reset): try streams.receive(reset)
        case .stop(let stop): try streams.receive(stop)
        case .ping, .acknowledgement, .acknowledgedRanges, .message, .taken, .close, .pathChallenge,
            .pathResponse, .newConnectionID, .acknowledgementPolicy, .congestionMarks:
            return false
        }
        return true
    }

    // MARK: Sending

    private var hasRoom: Bool { !packets.isFull && packets.inFlightBytes < congestion.window }

    /// Whether bytes of streams may leave now.
    func mayLeave(at now: Instant) -> Bool {
        streams.hasData && hasRoom && pacer.isReady(at: now)
    }

    /// Whether a datagram should leave for the sake of streams.
    func wantsTransmit(at now: Instant) -> Bool {
        guard !packets.isFull else { return false }
        return wantsProbe || streams.hasControl || mayLeave(at: now)
    }

    /// Whether a full datagram leaves so quickly that a message in it does not arrive later for the streams' bytes
    /// behind it.
    private var isFast: Bool { congestion.pacingRate * Limits.pacingQuantum.inSeconds >= Double(packetBytes) }

    /// Writes frames of streams.
    ///
    /// - Parameters:
    ///   - limit: the most bytes that the datagram may have.
    ///   - isFirst: whether there is nothing else in the datagram.
    /// - Returns: what was written that must arrive.
    mutating func emit(into datagram: inout [UInt8], limit: Int, isFirst: Bool, at now: Instant) -> [BulkFrame] {
        guard !packets.isFull else { return [] }
        var frames = streams.hasControl ? streams.emitControl(into: &datagram, limit: limit) : []
        let isProbe = wantsProbe && isFirst
        guard isProbe || mayLeave(at: now) && (isFirst || isFast) else { return frames }
        frames += streams.emitData(into: &datagram, limit: limit)
        if isProbe, frames.isEmpty { Frame.ping.emit(into: &datagram) }
        return frames
    }

    /// A datagram has left. One of messages does not wait for the pacer, but it is paid for; and while streams are
    /// under way its fate says as much about the path as that of theirs.
    ///
    /// - Parameters:
    ///   - frames: of streams; nil where there are none, and no probe for them.
    ///   - hasMessages: whether it carries messages, or anything else that asks for an acknowledgement.
    mutating func sent(_ number: UInt64, bytes: Int, frames: [BulkFrame]?, hasMessages: Bool, at now: Instant) {
        defer { pacer.spend(bytes, rate: congestion.pacingRate, at: now) }
        guard frames != nil || hasMessages && packets.inFlight > 0 && !packets.isFull else { return }
        let delivery = congestion.sent(inFlight: packets.inFlight, at: now)
        packets.record(
            BulkPacket(
                number: number, sent: now, bytes: bytes, frames: frames ?? [], hasMessages: hasMessages,
                delivery: delivery))
        lastSent = now
        if frames != nil { wantsProbe = false }
        if !streams.hasData, hasRoom { congestion.ranDry(inFlightBytes: packets.inFlightBytes) }
    }

    /// Whether packets were sent into silence. A long one may be what the path does not carry any more.
    var isProbing: Bool { probes > 0 }

    // MARK: Receiving

    /// Takes an acknowledgement.
    ///
    /// - Parameters:
    ///   - held: how long the peer says that it held it back, and how long it may.
    ///   - mtu: is told which lengths arrived and which did not.
    /// - Returns: when the newest packet left that arrived and was under way; nil when there was none.
    mutating func acknowledged(
        _ numbers: AcknowledgedNumbers, held: (said: Duration, most: Duration), path: RoundTrip, mtu: inout PathMTU,
        at now: Instant
    ) -> (sent: Instant, isLargest: Bool)? {
        let (arrived, late) = packets.acknowledge(numbers)
        if let late { detector.arrivedLate(distance: late.distance, age: now - late.sent, path: path, at: now) }
        guard let newest = arrived.last else { return nil }
        probes = 0
        wantsProbe = false
        patience = held.most
        for packet in arrived {
            for frame in packet.frames { streams.arrived(frame) }
            if !packet.hasMessages, packet.sent >= pathSince { mtu.arrived(packet.bytes) }
        }
        let isLargest = newest.number == numbers.largest
        var roundTrip: Duration?
        if isLargest, newest.sent >= pathSince, newest.bytes >= packetBytes * 3 / 4 {
            roundTrip = max(now - newest.sent - min(held.said, held.most), .nanoseconds(1))
        }
        congestion.arrived(arrived, roundTrip: roundTrip, inFlightBytes: packets.inFlightBytes, at: now)
        findLost(path: path, mtu: &mtu, at: now)
        streams.setBufferLimit(min(max(congestion.window * 2, Limits.leastSendBuffer), Limits.sendBuffer))
        return (newest.sent, isLargest)
    }

    private mutating func findLost(path: RoundTrip, mtu: inout PathMTU, at now: Instant) {
        let lost = detector.detect(in: &packets, path: path, at: now)
        guard !lost.isEmpty else { return }
        congestion.lost(lost)
        for packet in lost where !packet.hasMessages && packet.sent >= pathSince { mtu.lost(packet.bytes, at: now) }
        sendAgain(lost)
    }

    /// A router has marked packets (ECN).
    mutating func marked(at now: Instant) { congestion.marked(at: now) }

    private mutating func sendAgain(_ lost: [BulkPacket]) {
        for packet in lost {
            for frame in packet.frames { streams.lost(frame) }
        }
    }

    // MARK: Time

    func nextDeadline(path: RoundTrip) -> Instant? {
        var deadline = detector.next
        for moment in [release, probeDeadline(path)] {
            if let moment { deadline = min(deadline ?? moment, moment) }
        }
        return deadline
    }

    /// When the pacer lets the next run of packets go.
    private var release: Instant? {
        guard streams.hasData, hasRoom else { return nil }
        return pacer.release(rate: congestion.pacingRate, packetBytes: packetBytes)
    }

    /// When silence about what is under way becomes suspicious (RFC 9002, section 6.2).
    private func probeDeadline(_ path: RoundTrip) -> Instant? {
        guard packets.inFlight > 0, !wantsProbe else { return nil }
        let first = path.probeTimeout + patience
        return lastSent + min(first * (1 << min(probes, 6)), max(first, Limits.probeCeiling))
    }

    mutating func handleTimeouts(path: RoundTrip, mtu: inout PathMTU, at now: Instant) {
        if let next = detector.next, next <= now { findLost(path: path, mtu: &mtu, at: now) }
        guard let deadline = probeDeadline(path), deadline <= now else { return }
        probes += 1
        wantsProbe = true
        if probes >= Limits.persistentProbes {
            congestion.collapse(at: now)
            sendAgain(packets.declareLost { _ in true })
        } else if let oldest = packets.oldest {
            // It stays under way: only an acknowledgement tells that it is lost.
            for frame in oldest.frames { streams.lost(frame) }
        }
    }

    /// The peer is reached at another address: what is under way went to the old one.
    mutating func moved(hostChanged: Bool, path: RoundTrip, at now: Instant) {
        sendAgain(packets.declareLost { _ in true })
        if hostChanged {
            congestion = BulkCongestion(path: path, packetBytes: packetBytes, at: now)
            detector = LossDetector()
            pathSince = now
        }
        probes = 0
    }
}
