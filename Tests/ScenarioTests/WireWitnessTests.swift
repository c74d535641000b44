import Basics
import Simulation
import Testing

/// The watcher of the wire is tested, too: it must see what a server must not do.
@Suite("the wire is watched")
struct WireWitnessTests {
    private static let address = SocketAddress(host: .v4(0x0a00_0002), port: 5_000)

    @Test("three times what an unproved address sent may go there, and not a byte more")
    func amplification() throws {
        var wire = WireWitness(secret: SimulatedChat.secretMark)
        wire.serverReceives(100, from: Self.address, isProof: false)
        try wire.serverSends([UInt8](repeating: 0xc3, count: 300), to: Self.address)
        #expect(throws: Breach.self) { try wire.serverSends([0xc3], to: Self.address) }
    }

    @Test("an address that has proved itself gets as much as it takes")
    func proved() throws {
        var wire = WireWitness(secret: SimulatedChat.secretMark)
        wire.serverReceives(10, from: Self.address, isProof: true)
        try wire.serverSends([UInt8](repeating: 0x80, count: 1_200), to: Self.address)
    }

    @Test("who sends from an address proves nothing before something arrived there, not even a member who moved")
    func movedAddress() throws {
        var wire = WireWitness(secret: SimulatedChat.secretMark)
        let moved = SocketAddress(host: .v4(0x0a00_0003), port: 6_000)
        wire.clientReceives([0x80], at: Self.address, client: 0)
        let isProof = try wire.clientSends([0x80], from: Self.address)
        let isProofElsewhere = try wire.clientSends([0x80], from: moved)
        #expect(isProof && !isProofElsewhere)
        wire.serverReceives(100, from: moved, isProof: isProofElsewhere)
        #expect(throws: Breach.self) { try wire.serverSends([UInt8](repeating: 0x80, count: 301), to: moved) }
        wire.clientReceives([0x80], at: moved, client: 0)
        let isProofNow = try wire.clientSends([0x80], from: moved)
        #expect(isProofNow)
    }

    @Test("a packet that follows the answer to a login proves where that arrived, wherever it comes from itself")
    func answeredLogin() throws {
        var wire = WireWitness(secret: SimulatedChat.secretMark)
        let moved = SocketAddress(host: .v4(0x0a00_0003), port: 6_000)
        wire.clientReceives([0x80], at: moved, client: 4)
        #expect(wire.answerPlace(of: 4) == nil)
        wire.clientReceives([0xc9], at: Self.address, client: 4)
        wire.serverReceives(30, from: moved, isProof: false, answeredAt: wire.answerPlace(of: 4))
        try wire.serverSends([UInt8](repeating: 0x80, count: 1_200), to: Self.address)
        #expect(throws: Breach.self) { try wire.serverSends([UInt8](repeating: 0x80, count: 91), to: moved) }
        wire.serverStarts()
        #expect(wire.answerPlace(of: 4) == nil)
    }

    @Test("a server that was started again knows of no proof")
    func newLife() throws {
        var wire = WireWitness(secret: SimulatedChat.secretMark)
        wire.clientReceives([0x80], at: Self.address, client: 0)
        wire.serverReceives(100, from: Self.address, isProof: true)
        wire.serverStarts()
        let isProof = try wire.clientSends([0x80], from: Self.address)
        #expect(!isProof)
        #expect(throws: Breach.self) { try wire.serverSends([0xc3], to: Self.address) }
    }

    @Test("an answer to random bytes is found")
    func answerToStranger() {
        var wire = WireWitness(secret: SimulatedChat.secretMark)
        wire.noteStranger(Self.address)
        wire.serverReceives(1_200, from: Self.address, isProof: false)
        #expect(throws: Breach.self) { try wire.serverSends([0xc3], to: Self.address) }
    }

    @Test("a stranger's bytes may be taken for data of a connection that is gone, but the answer to that is short")
    func resetOfStranger() throws {
        var wire = WireWitness(secret: SimulatedChat.secretMark)
        wire.noteStranger(Self.address)
        wire.serverReceives(1_200, from: Self.address, isProof: false)
        try wire.serverSends([UInt8](repeating: 0x81, count: 40), to: Self.address)
        #expect(throws: Breach.self) { try wire.serverSends([UInt8](repeating: 0x80, count: 41), to: Self.address) }
    }

    @Test("a secret is found wherever it stands", arguments: [0, 1, 100])
    func secret(offset: Int) {
        let wire = WireWitness(secret: SimulatedChat.secretMark)
        let bytes = [UInt8](repeating: 0x75, count: offset) + Array(SimulatedChat.secretMark.utf8)
        #expect(throws: Breach.self) { try wire.clientSends(bytes, from: Self.address) }
    }

    @Test("a datagram that is larger than every path carries is found")
    func size() throws {
        let wire = WireWitness(secret: SimulatedChat.secretMark)
        _ = try wire.clientSends([UInt8](repeating: 0xc1, count: 1_200), from: Self.address)
        #expect(throws: Breach.self) {
            try wire.clientSends([UInt8](repeating: 0xc1, count: 1_201), from: Self.address)
        }
        _ = try wire.clientSends([UInt8](repeating: 0x80, count: 1_452), from: Self.address)
        #expect(throws: Breach.self) {
            try wire.clientSends([UInt8](repeating: 0x80, count: 1_453), from: Self.address)
        }
    }
}
