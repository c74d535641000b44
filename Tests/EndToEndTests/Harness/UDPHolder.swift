import Basics
import SocketIO

/// A socket of the test that has a port, so that nobody else can have it.
final class UDPHolder {
    private let socket: UDPSocket

    init() throws {
        socket = try UDPSocket(binding: SocketAddress(host: .v4(0), port: 0))
    }

    var port: UInt16 { socket.localAddress.port }
}

extension House {
    /// A port that nobody has at the moment, from below those that the system gives away.
    func freePort() throws -> UInt16 {
        for _ in 0..<50 {
            let port = UInt16.random(in: 20_000..<30_000)
            do {
                let socket = try UDPSocket(binding: SocketAddress(host: .v4(0), port: port))
                return socket.localAddress.port
            } catch {
                continue
            }
        }
        throw Failure("no free port")
    }
}
