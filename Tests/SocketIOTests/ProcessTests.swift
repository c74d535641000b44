import Glibc
import Testing

@testable import SocketIO

@Suite("the process itself")
struct ProcessTests {
    @Test("row 51: nobody may trace the process or read its memory, and a crash leaves no core dump")
    func secrecy() throws {
        // The other tests of this process may be inspected.
        defer { try? ProcessSecrecy.setInspectable(true) }
        try ProcessSecrecy.forbidInspection()
        #expect(!ProcessSecrecy.isInspectable)
        #expect(!ProcessSecrecy.allowsCoreDumps)
    }

    @Test("a file is told from a pipe")
    func kinds() throws {
        var ends: [Int32] = [-1, -1]
        #expect(unsafe pipe(&ends) == 0)
        let file = unsafe open("/proc/self/status", O_RDONLY)
        defer { for descriptor in ends + [file] { close(descriptor) } }
        #expect(!StandardStream.isRegularFile(ends[0]))
        #expect(StandardStream.isRegularFile(file))
        #expect(!StandardStream.isTerminal(ends[0]))
    }

    @Test("reading and writing never wait: an empty pipe has nothing, a full one takes nothing, a closed one ends")
    func neverWaits() throws {
        SignalSource.ignoreBrokenPipe()
        var ends: [Int32] = [-1, -1]
        #expect(unsafe pipe(&ends) == 0)
        #expect(StandardStream.read(ends[0]) == .nothing)
        #expect(!StandardStream.hasUnread(ends[0]))
        let chunk = [UInt8](repeating: 1, count: StandardStream.chunkBytes + 1)
        #expect(StandardStream.write(chunk[...], to: ends[1]) == .bytes(StandardStream.chunkBytes))
        #expect(StandardStream.hasUnread(ends[0]))
        #expect(StandardStream.read(ends[0]) == .bytes(Array(chunk.dropLast())))
        while case .bytes = StandardStream.write(chunk[...], to: ends[1]) {}
        #expect(StandardStream.write(chunk[...], to: ends[1]) == .full)
        close(ends[0])
        #expect(StandardStream.write(chunk[...], to: ends[1]) == .closed)
        close(ends[1])
        #expect(StandardStream.read(ends[1]) == .end)
    }
}
