import Basics
import Testing

@testable import Transport

@Suite("Acknowledgement policy")
struct AcknowledgementPolicyTests {
    private static func loss(_ rate: Double) -> LossEstimate {
        var loss = LossEstimate(path: RoundTrip(measured: .milliseconds(40)))
        for _ in 0..<20_000 where loss.rate > rate { loss.arrived() }
        return loss
    }

    private static func policy(_ sequence: UInt64, packets: Int = 16, delay: Duration) -> AcknowledgementPolicy {
        AcknowledgementPolicy(sequence: sequence, packets: packets, delay: delay)
    }

    @Test("a server asks for fewer where many are connected and nothing is lost, and takes it back at the first loss")
    func demand() {
        var demand = AcknowledgementDemand()
        var loss = Self.loss(0.001)
        demand.update(isFanOut: false, loss: loss.rate)
        #expect(demand.take() == nil)
        demand.update(isFanOut: true, loss: loss.rate)
        #expect(!demand.isUrgent && demand.allowance == Limits.fanOutAcknowledgementDelay)
        #expect(
            demand.take()
                == Self.policy(
                    1, packets: Limits.fanOutAcknowledgementPackets, delay: Limits.fanOutAcknowledgementDelay))
        demand.update(isFanOut: true, loss: loss.rate)
        #expect(demand.take() == nil)
        loss.lost(sent: .start, path: RoundTrip(measured: nil))
        demand.update(isFanOut: true, loss: loss.rate)
        #expect(demand.isUrgent)
        #expect(demand.take() == Self.policy(2, delay: .zero))
        // Until the client knows, it may still be slow.
        #expect(demand.allowance == Limits.fanOutAcknowledgementDelay)
        demand.resend(1)
        #expect(demand.take() == nil)
        demand.resend(2)
        #expect(demand.take() == Self.policy(2, delay: .zero))
        demand.acknowledge(1)
        #expect(demand.allowance == Limits.fanOutAcknowledgementDelay)
        demand.acknowledge(2)
        #expect(demand.allowance == .zero)
    }

    @Test("a busy server asks for fewer where nothing was lost yet, and an idle one waits until it knows")
    func busyServer() {
        var pair = ConnectionPair(seed: 5)
        #expect(pair.server.connection.redundancy.loss.rate >= Limits.fanOutLoss)
        pair.server.connection.updatePolicy(isFanOut: true)
        #expect(pair.server.connection.demand.allowance == .zero)
        pair.server.connection.setHostBusy(true, at: pair.now)
        pair.server.connection.updatePolicy(isFanOut: true)
        #expect(pair.server.connection.demand.allowance == Limits.fanOutAcknowledgementDelay)
        pair.server.connection.redundancy.loss.lost(sent: pair.now, path: pair.server.connection.path)
        pair.server.connection.updatePolicy(isFanOut: true)
        #expect(pair.server.connection.demand.isUrgent)
    }

    @Test("the newest policy is in force, whatever comes late; a gap is told at once all the same")
    func state() {
        let path = RoundTrip(measured: .milliseconds(40))
        var state = AcknowledgementState()
        state.follow(Self.policy(2, packets: 3, delay: .milliseconds(100)))
        state.follow(Self.policy(1, delay: .zero))
        state.received(0, asks: true, at: .start, path: path)
        #expect(state.due == .start + .milliseconds(100))
        state.received(1, asks: true, at: .start + .milliseconds(50), path: path)
        #expect(state.due == .start + .milliseconds(100))
        state.received(2, asks: true, at: .start + .milliseconds(60), path: path)
        #expect(state.due == .start + .milliseconds(60))
        _ = state.take(at: .start + .milliseconds(60))
        state.received(4, asks: true, at: .start + .milliseconds(70), path: path)
        #expect(state.due == .start + .milliseconds(70))
        _ = state.take(at: .start + .milliseconds(70))
        state.follow(Self.policy(3, delay: .zero))
        state.received(5, asks: true, at: .start + .seconds(1), path: path)
        #expect(state.due == .start + .seconds(1))
    }

    /// A server that says a message each 20 ms for 10 s, after 5 s in which it learns that nothing is lost.
    ///
    /// - Returns: packets of the client in those 10 s, and probes or copies of the server beyond one packet a message.
    private static func talk(isFanOut: Bool) -> (answers: Int, extra: Int, pair: ConnectionPair) {
        var pair = ConnectionPair(seed: 31)
        pair.server.connection.redundancy.loss = loss(0.001)
        var (answers, sent) = (0, 0)
        for step in 0..<750 {
            if step == 250 { (answers, sent) = (pair.client.sent, pair.server.sent) }
            pair.server.connection.updatePolicy(isFanOut: isFanOut)
            pair.server.say([1, 2, 3])
            pair.run(for: .milliseconds(20))
        }
        return (pair.client.sent - answers, pair.server.sent - sent - 500, pair)
    }

    @Test("at fan-out a client sends a tenth of its acknowledgements, and the server probes no more for it")
    func fewerPackets() {
        let (own, extra, _) = Self.talk(isFanOut: false)
        let (asked, askedExtra, pair) = Self.talk(isFanOut: true)
        #expect(asked * 8 <= own && asked >= 40, "\(asked) instead of \(own)")
        #expect(askedExtra <= extra + 50, "\(askedExtra) instead of \(extra)")
        #expect(pair.client.heard[1]?.count == 750)
        // The estimate of the round trip is not spoilt by acknowledgements that wait.
        #expect(pair.server.connection.path.smoothed < .milliseconds(45))
    }

    @Test("after a loss the client is told within a packet's way, and acknowledges as by itself")
    func takenBack() {
        var (_, _, pair) = Self.talk(isFanOut: true)
        #expect(pair.client.connection.acknowledgements.policy?.delay == Limits.fanOutAcknowledgementDelay)
        pair.server.connection.redundancy.loss.lost(sent: pair.now, path: pair.server.connection.path)
        pair.server.connection.updatePolicy(isFanOut: true)
        pair.run(for: .milliseconds(21))
        #expect(pair.client.connection.acknowledgements.policy?.delay == .zero)
    }

    @Test("a policy out of bounds closes the connection, and one from a client does")
    func bounds() {
        for raw: [UInt8] in [[0x21, 0, 1, 0, 0], [0x21, 1, 0, 0, 0], [0x21, 1, 33, 0, 0], [0x21, 1, 1, 0xff, 0xff]] {
            #expect(throws: WireError.self) {
                var input = raw.span
                _ = try Frame.take(from: &input)
            }
        }
        var pair = ConnectionPair()
        pair.forge([.acknowledgementPolicy(Self.policy(1, delay: .zero))], number: 0)
        #expect(pair.server.violations == [.unexpectedPolicy])
    }

    @Test("a policy survives its encoding, and no part of it is taken for the whole")
    func roundTrip() throws {
        var bytes: [UInt8] = []
        let frame = Frame.acknowledgementPolicy(Self.policy(70_000, packets: 7, delay: .milliseconds(96)))
        frame.emit(into: &bytes)
        #expect(bytes.count <= AcknowledgementPolicy.frameBytes)
        var input = bytes.span
        #expect(try Frame.take(from: &input) == frame)
        for prefix in truncations(of: bytes).dropFirst() {
            #expect(throws: WireError.self) {
                var input = prefix.span
                _ = try Frame.take(from: &input)
            }
        }
    }

    @Test("an endpoint asks when many are connected, and copies stop while the machine is busy")
    func endpoint() throws {
        var world = try RoamingWorld()
        world.world.server.setHostBusy(true, at: world.now)
        #expect(world.world.server.peers[world.peer]?.connection.redundancy.isHostBusy == true)
        let plan = world.world.server.peers[world.peer]?.connection.redundancy.plan(
            at: world.now, path: RoundTrip(measured: .milliseconds(40)))
        #expect(plan?.wanted == 1)
        world.world.server.setHostBusy(false, at: world.now)
        for number in 1..<Limits.fanOutPeers {
            let address = SocketAddress(host: .v4(0x0a00_0000 + UInt32(number)), port: 1)
            _ = try world.world.login(from: address)
        }
        world.world.server.peers[world.peer]?.connection.redundancy.loss = Self.loss(0.001)
        world.sayUp([1])
        world.run(for: .seconds(1))
        #expect(world.client.acknowledgements.policy?.delay == Limits.fanOutAcknowledgementDelay)
    }
}
