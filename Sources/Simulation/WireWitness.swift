package import Basics

/// Watches every datagram: nothing readable, nothing sent to strangers, no amplification.
///
/// Whoever spoofs an address can send in its name and does not receive there. So an address has proved itself when a
/// client has sent something whole from there after it had received something whole there; up to then, also when a
/// member comes from there whom the server knows, three times what came in may go out. Who makes a whole packet after
/// the answer to a login proves also where that answer arrived, wherever the packet comes from: it has the keys from it.
package struct WireWitness: Sendable {
    private struct Account: Sendable {
        var received = 0
        var sent = 0
        var isProved = false
    }

    /// The bytes that are in the password and in each text, and may never be seen.
    private let secret: [UInt8]
    private var accounts: [SocketAddress: Account] = [:]
    private var strangers: Set<SocketAddress> = []
    /// Where clients have received something of the server that runs.
    private var hearing: Set<SocketAddress> = []
    /// Where each client has received the latest answer to its login.
    private var answers: [Int: SocketAddress] = [:]

    /// The first byte of data, but for the key phase; and the longest stateless reset.
    private static let data: UInt8 = 0x80
    /// The first bytes of what answers a login: M2 and R2.
    private static let answerTypes: [UInt8] = [0xc3, 0xc9]
    private static let resetBytes = 40
    /// The longest datagram of a handshake: every path carries it. Data may be longer, where probes look for more.
    private static let everyPath = 1_200
    private static let longestProbe = 1_452
    /// How much more than it received the server may send to an address that has not proved itself (RFC 9000,
    /// section 8.1).
    private static let amplification = 3

    /// - Parameter secret: what the password and each text contain.
    package init(secret: String) {
        self.secret = Array(secret.utf8)
    }

    /// From this address only random bytes come.
    package mutating func noteStranger(_ address: SocketAddress) {
        strangers.insert(address)
    }

    /// A server starts that knows nobody.
    package mutating func serverStarts() {
        accounts.removeAll()
        hearing.removeAll()
        answers.removeAll()
    }

    /// So many bytes arrived at the server.
    ///
    /// - Parameters:
    ///   - isProof: whether a client sent just these after it had received something at that address.
    ///   - answeredAt: where the client that made them had received the answer to its login.
    package mutating func serverReceives(
        _ count: Int, from address: SocketAddress, isProof: Bool, answeredAt: SocketAddress? = nil
    ) {
        accounts[address, default: Account()].received += count
        if isProof { accounts[address]?.isProved = true }
        if let answeredAt { accounts[answeredAt, default: Account()].isProved = true }
    }

    /// The server sends a datagram.
    package mutating func serverSends(_ bytes: [UInt8], to address: SocketAddress) throws(Breach) {
        guard !strangers.contains(address) || Self.mayBeReset(bytes) else {
            throw Breach("the server answered random bytes with \(bytes.count) bytes of type \(bytes.first ?? 0)")
        }
        try look(at: bytes)
        var account = accounts[address, default: Account()]
        account.sent += bytes.count
        accounts[address] = account
        guard account.isProved || account.sent <= Self.amplification * account.received else {
            throw Breach("\(address) sent \(account.received) bytes and proved nothing, and got \(account.sent)")
        }
    }

    /// Random bytes may look like data of a connection that is gone. The answer to that is short, and counts against
    /// what an address may get that proved nothing.
    private static func mayBeReset(_ bytes: [UInt8]) -> Bool {
        bytes.count <= resetBytes && bytes.first.map { $0 & 0xfe == data } ?? false
    }

    /// A client received, at its address, what the server had sent, whole.
    package mutating func clientReceives(_ bytes: [UInt8], at address: SocketAddress, client: Int) {
        hearing.insert(address)
        if let first = bytes.first, Self.answerTypes.contains(first) { answers[client] = address }
    }

    /// Where that client has received the latest answer to its login from the server that runs; nil when it has none.
    package func answerPlace(of client: Int) -> SocketAddress? { answers[client] }

    /// A client sends a datagram.
    ///
    /// - Returns: whether it proves that somebody receives at the address.
    package func clientSends(_ bytes: [UInt8], from address: SocketAddress) throws(Breach) -> Bool {
        try look(at: bytes)
        return hearing.contains(address)
    }

    private func look(at bytes: [UInt8]) throws(Breach) {
        guard let first = secret.first, bytes.count >= secret.count else { return }
        let isData = bytes.first.map { $0 & 0xfe == Self.data } ?? false
        guard bytes.count <= (isData ? Self.longestProbe : Self.everyPath) else {
            throw Breach("a datagram has \(bytes.count) bytes")
        }
        for start in 0...(bytes.count - secret.count) where bytes[start] == first {
            guard !bytes[start..<start + secret.count].elementsEqual(secret) else {
                throw Breach("password or text can be read on the wire")
            }
        }
    }
}
