package import Basics
import Crypto

/// Another address of the peer: challenges and answers (RFC 9000, section 8.2), and the move.
extension Connection {
    /// The highest packet number accepted; nil before the first.
    var largestReceived: UInt64? { replay.largest }

    /// Makes a datagram that asks whoever receives it to prove that it is the peer. It is not repeated when it is lost.
    ///
    /// - Parameter datagram: overwritten.
    /// - Returns: false when the connection sends nothing any more.
    mutating func makeChallenge(_ challenge: UInt64, into datagram: inout [UInt8], at now: Instant) -> Bool {
        guard isOpen, nextPacketNumber <= Limits.closingPacketNumber else { return false }
        let header = beginPacket(in: &datagram, at: now)
        Frame.pathChallenge(challenge).emit(into: &datagram)
        _ = sealPacket(&datagram, headerCount: header.count)
        return true
    }

    /// The length of a datagram with a challenge.
    var challengeBytes: Int {
        (role == .client ? DataHeader.bytesToServer : DataHeader.bytesToClient) + Frame.pathBytes + PacketKey.tagBytes
    }

    /// What the peer has answered to a challenge since this was asked last.
    mutating func takePathResponse() -> UInt64? {
        defer { pathResponse = nil }
        return pathResponse
    }

    /// Whether a probe of the path's MTU may leave now. It is never in the way of anything else.
    mutating func isSizeProbeDue(at now: Instant) -> Bool {
        isOpen && mtu.isProbeDue && probes == 0 && sent.inFlight < Limits.packetWindow
            && !redundancy.budget.isExhausted(at: now) && !redundancy.congestion.isPresent(at: now)
    }

    /// Fills a packet that would be empty with a probe of the path's MTU.
    ///
    /// - Parameter headerCount: length of the header, which is all that the datagram holds.
    mutating func emitSizeProbe(
        into datagram: inout [UInt8], _ frames: inout SentFrames, headerCount: Int, at now: Instant
    ) {
        guard datagram.count == headerCount, isSizeProbeDue(at: now), let length = mtu.takeProbe() else { return }
        Frame.ping.emit(into: &datagram)
        Frame.emitPadding(length - PacketKey.tagBytes - datagram.count, into: &datagram)
        frames.append(.sizeProbe)
    }

    mutating func receiveChallenge(_ challenge: UInt64) {
        pathAnswer = challenge
        // The server has heard us from somewhere else: a router on the way gave us another address. It repeats itself.
        if role == .client, isOpen, challenge != answeredChallenge { changeID(isCertain: false) }
    }

    /// The client has another address: it is in another network, of which nothing is known. What is under way, or a ping,
    /// leaves at once from there.
    package mutating func addressChanged(at now: Instant) {
        guard role == .client, isOpen else { return }
        changeID(isCertain: true)
        moved(hostChanged: true, roundTrip: nil, at: now)
    }

    /// Sends under another connection ID from now on, if there is a spare one. Else the old one must do.
    private mutating func changeID(isCertain: Bool) {
        if destinations.rotate(isCertain: isCertain) { mtu = PathMTU() }
    }

    /// Several probes were not answered. If that is because the client is in another network without knowing, what it
    /// says first there shall not be linked to what it said last here.
    mutating func changeIDInSilence() {
        if role == .client { _ = destinations.rotate(isCertain: false) }
    }

    /// Gives the client another connection ID. It is told along with what leaves next.
    mutating func grant(_ grant: ConnectionIDGrant) {
        grants.append(grant)
    }

    /// Tells the client of new connection IDs in a packet that leaves anyway.
    ///
    /// - Parameter headerCount: length of the header; a datagram that holds no more does not leave.
    mutating func emitGrants(into datagram: inout [UInt8], _ frames: inout SentFrames, headerCount: Int) {
        guard grants.hasPending, isOpen, datagram.count > headerCount, sent.inFlight < Limits.packetWindow else {
            return
        }
        let limit = Limits.datagramBytes - PacketKey.tagBytes
        while datagram.count + ConnectionIDGrant.frameBytes <= limit, let grant = grants.next() {
            Frame.newConnectionID(grant).emit(into: &datagram)
            frames.append(.newConnectionID(grant.sequence))
        }
    }

    /// Answers a challenge, and asks for an acknowledgement, which measures the path that was changed to.
    mutating func emitPathAnswer(into datagram: inout [UInt8], _ frames: inout SentFrames) {
        guard isOpen, let challenge = pathAnswer else { return }
        pathAnswer = nil
        answeredChallenge = challenge
        Frame.pathResponse(challenge).emit(into: &datagram)
        Frame.ping.emit(into: &datagram)
        frames.append(.ping)
    }

    /// The peer is reached at another address, or from another one of ours, from now on.
    ///
    /// - Parameters:
    ///   - hostChanged: not only the port: the path is another one, of which nothing is known (RFC 9000, section 9.4).
    ///   - roundTrip: of the new path; nil when it was not measured.
    mutating func moved(hostChanged: Bool, roundTrip: Duration?, at now: Instant) {
        guard isOpen else { return }
        if hostChanged {
            path = RoundTrip(measured: roundTrip)
            let isHostBusy = redundancy.isHostBusy
            redundancy = Redundancy(path: path)
            redundancy.isHostBusy = isHostBusy
            mtu = PathMTU()
            notification.moved()
            pathSince = now
        }
        if !bulk.isEmpty { bulk.value?.moved(hostChanged: hostChanged, path: path, at: now) }
        // What is under way went to the old address. The oldest of it leaves again at once; its acknowledgement tells
        // what else is missing. What was acknowledged to the old address is told again with it.
        probes = 0
        wantsPing = true
        grants.resendAll()
        guard sent.oldestInFlight != nil else { return }
        probes = 1
        lastProbe = now
        queueUnacknowledged()
    }
}
