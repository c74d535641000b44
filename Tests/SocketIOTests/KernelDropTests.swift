import Basics
import Glibc
import Testing

@testable import SocketIO

@Suite struct KernelDropTests {
    @Test("what the kernel drops since the buffer is full is counted, datagram by datagram")
    func flood() throws {
        let server = try UDPSocket(binding: .anyPortV4)
        let client = try UDPSocket(binding: .anyPortV4)
        #expect(server.kernelDrops == 0)
        // The kernel makes it as small as it allows.
        var smallest: Int32 = 1
        let result = unsafe setsockopt(
            server.descriptor, SOL_SOCKET, SO_RCVBUF, &smallest, socklen_t(MemoryLayout<Int32>.size))
        #expect(result == 0)
        var outgoing = try SendBatch()
        for number in UInt16(0)..<64 {
            _ = outgoing.append([UInt8](repeating: 0, count: 900 + Int(number)), to: server.localAddress)
        }
        #expect(try client.send(&outgoing) == 64)
        var incoming = try ReceiveBatch()
        // What was sent may come a moment later on a busy machine; room that is made meanwhile lets more in.
        var arrived = 0
        let end = MonotonicClock.now + .seconds(10)
        while arrived + Int(server.kernelDrops ?? 0) < 64, MonotonicClock.now < end {
            arrived += try server.receive(into: &incoming)
        }
        #expect(arrived > 0 && server.kernelDrops == UInt32(64 - arrived))
    }
}
