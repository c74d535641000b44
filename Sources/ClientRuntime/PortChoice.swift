import Basics
package import ProgramFrame
import Sentences
package import SocketIO

/// Why the port that the person chose can't be had.
package struct PortFailure: Error, Hashable, Sendable {
    package let failure: ProgramFailure
    /// Whether the machine lacks the address family that was wanted.
    package let isFamilyMissing: Bool

    init(isFamilyMissing: Bool = false, _ say: @escaping @Sendable (Language) -> String) {
        failure = ProgramFailure(.system, say)
        self.isFamilyMissing = isFamilyMissing
    }
}

/// Binding the port that the person chose.
package enum PortChoice {
    /// Opens a socket on every interface.
    ///
    /// - Parameter isDualStack: `[::]`, which reaches servers of both families; else `0.0.0.0`.
    /// - Throws: `PortFailure`; for a port in use it names the port and a free one.
    package static func bind(_ choice: ClientPort, isDualStack: Bool) throws(PortFailure) -> UDPSocket {
        do throws(SystemError) {
            switch choice {
            case .number(let port): return try UDPSocket(binding: address(port: port, isDualStack: isDualStack))
            case .firstFree:
                for port in ClientPort.openRange {
                    if let socket = try bindIfFree(port, isDualStack: isDualStack) { return socket }
                }
            }
        } catch {
            guard error.isAddressInUse, case .number(let port) = choice else {
                let isMissing = error.isFamilyUnsupported || error.isAddressUnavailable
                throw PortFailure(isFamilyMissing: isMissing) { error.text(in: $0) }
            }
            let free = lowestFree(isDualStack: isDualStack)
            throw PortFailure { $0.client.portInUse(port, free: free) }
        }
        throw PortFailure { $0.client.noPortFree }
    }

    /// The lowest port of `ClientPort.openRange` that nobody has; it may be taken in the next moment.
    private static func lowestFree(isDualStack: Bool) -> UInt16? {
        for port in ClientPort.openRange {
            let socket = try? bindIfFree(port, isDualStack: isDualStack)
            if socket != nil { return port }
        }
        return nil
    }

    /// - Returns: nil when the port is in use.
    private static func bindIfFree(_ port: UInt16, isDualStack: Bool) throws(SystemError) -> UDPSocket? {
        do throws(SystemError) {
            return try UDPSocket(binding: address(port: port, isDualStack: isDualStack))
        } catch {
            if error.isAddressInUse { return nil }
            throw error
        }
    }

    private static func address(port: UInt16, isDualStack: Bool) -> SocketAddress {
        SocketAddress(host: isDualStack ? .v6(high: 0, low: 0, scope: 0) : .v4(0), port: port)
    }
}
