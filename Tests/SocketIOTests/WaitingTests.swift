import Basics
import Foundation
import Glibc
import SocketIO
import Testing

@Suite struct PollerTests {
    @Test("a wait ends at its deadline, not before it")
    func deadline() throws {
        var poller = try Poller()
        for microseconds in [1, 300, 5_000] {
            let deadline = MonotonicClock.now + .microseconds(microseconds)
            let ready = try poller.wait(until: deadline)
            #expect(ready.isEmpty)
            #expect(MonotonicClock.now >= deadline)
        }
    }

    @Test("a deadline that has passed only looks")
    func passedDeadline() throws {
        var poller = try Poller()
        let socket = try UDPSocket(binding: .anyPortV4)
        try poller.add(socket.descriptor, token: 5)
        let nothing = try poller.wait(until: .origin)
        #expect(nothing.isEmpty)
        _ = try send([[1]], from: socket, to: socket.localAddress)
        _ = try poller.wait(until: MonotonicClock.now + .seconds(10))
        let ready = try poller.wait(until: .origin)
        #expect(ready.map(\.token) == [5])
    }

    @Test("a deadline may be moved forward and back, and an old one does not end a new wait")
    func movedDeadline() throws {
        var poller = try Poller()
        let socket = try UDPSocket(binding: .anyPortV4)
        try poller.add(socket.descriptor, token: 1, interest: [.readable, .writable])
        // Arms the timer for later; the socket is writable, so the wait ends at once.
        let soon = MonotonicClock.now + .milliseconds(2)
        _ = try poller.wait(until: soon)
        try poller.change(socket.descriptor, token: 1, interest: .readable)
        let later = MonotonicClock.now + .milliseconds(20)
        _ = try poller.wait(until: later)
        #expect(MonotonicClock.now >= later)
        let earlier = MonotonicClock.now + .milliseconds(1)
        _ = try poller.wait(until: earlier)
        #expect(MonotonicClock.now >= earlier)
    }

    @Test("a deadline that moves on does not set the timer each time, one that is nearer does")
    func timerCount() throws {
        var poller = try Poller()
        let socket = try UDPSocket(binding: .anyPortV4)
        try poller.add(socket.descriptor, token: 1, interest: .writable)
        let start = MonotonicClock.now
        // The socket is writable, so each wait ends at once.
        for second in 60..<160 { _ = try poller.wait(until: start + .seconds(second)) }
        #expect(poller.timerCount == 1 && poller.waitCount == 100)
        _ = try poller.wait(until: nil)
        #expect(poller.timerCount == 1)
        _ = try poller.wait(until: start + .seconds(59))
        #expect(poller.timerCount == 2)
    }

    @Test("waiting for something without end is not ended by the deadline of an earlier wait")
    func endlessAfterDeadline() throws {
        var poller = try Poller()
        let socket = try UDPSocket(binding: .anyPortV4)
        let mailbox = try Mailbox<Int>(limit: 1)
        try poller.add(socket.descriptor, token: 1, interest: .writable)
        let old = MonotonicClock.now + .milliseconds(2)
        _ = try poller.wait(until: old)
        try poller.remove(socket.descriptor)
        try poller.add(mailbox.descriptor, token: 2)
        Thread.detachNewThread {
            // The old deadline comes while the other thread waits, on all but the busiest machines.
            var other = try? Poller()
            _ = try? other?.wait(until: old + .milliseconds(2))
            _ = mailbox.post(7)
        }
        #expect(try poller.wait(until: nil).map(\.token) == [2])
    }

    @Test("each descriptor is reported with its token and what it is ready for")
    func tokens() throws {
        var poller = try Poller()
        let quiet = try UDPSocket(binding: .anyPortV4)
        let busy = try UDPSocket(binding: .anyPortV4)
        try poller.add(quiet.descriptor, token: 1)
        try poller.add(busy.descriptor, token: 2)
        _ = try send([[1]], from: quiet, to: busy.localAddress)
        let ready = try poller.wait(until: MonotonicClock.now + .seconds(10))
        #expect(ready.map(\.token) == [2])
        #expect(ready.first?.isReadable == true && ready.first?.isWritable == false)
        try poller.change(quiet.descriptor, token: 3, interest: .writable)
        try poller.remove(busy.descriptor)
        let writable = try poller.wait(until: MonotonicClock.now + .seconds(10))
        #expect(writable.map(\.token) == [3])
        #expect(writable.first?.isWritable == true)
    }

    @Test("a closed pipe is reported as closed")
    func closedPipe() throws {
        var ends: [Int32] = [0, 0]
        #expect(unsafe pipe(&ends) == 0)
        defer { _ = close(ends[0]) }
        var poller = try Poller()
        try poller.add(ends[0], token: 8)
        _ = close(ends[1])
        let ready = try poller.wait(until: MonotonicClock.now + .seconds(10))
        #expect(ready.first?.isClosed == true)
    }

    @Test("a regular file can't be waited for, and the error says so")
    func regularFile() throws {
        let folder = try TemporaryFolder()
        try SmallFile.write([1], to: folder.path("file"))
        let file = unsafe open(folder.path("file"), O_RDONLY)
        defer { _ = close(file) }
        var poller = try Poller()
        var thrown: SystemError?
        do throws(SystemError) { try poller.add(file, token: 1) } catch { thrown = error }
        #expect(thrown?.isPermissionDenied == true)
    }
}

@Suite struct MailboxTests {
    @Test("a message from another thread wakes the loop")
    func wake() throws {
        let mailbox = try Mailbox<String>(limit: 4)
        var poller = try Poller()
        try poller.add(mailbox.descriptor, token: 7)
        Thread.detachNewThread { _ = mailbox.post("hello") }
        let ready = try poller.wait(until: MonotonicClock.now + .seconds(10))
        #expect(ready.map(\.token) == [7])
        #expect(mailbox.takeAll() == ["hello"])
    }

    @Test("an emptied mailbox is quiet, and wakes again with the next message")
    func quietAgain() throws {
        let mailbox = try Mailbox<Int>(limit: 4)
        var poller = try Poller()
        try poller.add(mailbox.descriptor, token: 7)
        #expect(mailbox.post(1) && mailbox.post(2))
        #expect(mailbox.takeAll() == [1, 2])
        let quiet = try poller.wait(until: .origin)
        #expect(quiet.isEmpty)
        #expect(mailbox.post(3))
        let ready = try poller.wait(until: .origin)
        #expect(ready.count == 1)
        #expect(mailbox.takeAll() == [3])
    }

    @Test("a full mailbox refuses, and loses nothing that it took")
    func full() throws {
        let mailbox = try Mailbox<Int>(limit: 2)
        #expect((0..<3).map { mailbox.post($0) } == [true, true, false])
        #expect(mailbox.takeAll() == [0, 1])
    }

    @Test("messages of several threads all arrive, each thread's in order")
    func severalThreads() throws {
        let mailbox = try Mailbox<Int>(limit: 4000)
        for thread in 0..<4 {
            Thread.detachNewThread { for number in 0..<1000 { _ = mailbox.post(thread * 1000 + number) } }
        }
        var poller = try Poller()
        try poller.add(mailbox.descriptor, token: 7)
        let deadline = MonotonicClock.now + .seconds(20)
        var taken: [Int] = []
        while taken.count < 4000, MonotonicClock.now < deadline {
            _ = try poller.wait(until: deadline)
            taken += mailbox.takeAll()
        }
        for thread in 0..<4 {
            #expect(taken.filter { $0 / 1000 == thread } == Array(thread * 1000..<(thread + 1) * 1000))
        }
    }
}

@Suite struct SignalSourceTests {
    @Test("a signal is input of the loop, each kind once")
    func signals() throws {
        let source = try SignalSource([.windowChange, .hangup])
        #expect(try source.next() == nil)
        // To this thread and not to the process, whose other threads do not block them.
        pthread_kill(pthread_self(), SIGWINCH)
        pthread_kill(pthread_self(), SIGWINCH)
        pthread_kill(pthread_self(), SIGHUP)
        var poller = try Poller()
        try poller.add(source.descriptor, token: 3)
        let ready = try poller.wait(until: MonotonicClock.now + .seconds(10))
        #expect(ready.map(\.token) == [3])
        let taken = [try source.next(), try source.next()]
        #expect(Set(taken) == [.windowChange, .hangup])
        #expect(try source.next() == nil)
    }
}

@Suite struct RouteWatchTests {
    @Test("the way to this machine itself is the loopback interface's, in both families")
    func loopback() {
        #expect(RouteWatch.localHost(towards: .loopback(port: 9)) == SocketAddress.loopback(port: 0).host)
        let six = SocketAddress(host: SocketAddress.anyPortV6.host, port: 9)
        #expect(RouteWatch.localHost(towards: six) == (hasIPv6 ? six.host : nil))
    }

    @Test("where reports are given, what waits is taken until nothing waits")
    func reports() throws {
        // Some sandboxes know no netlink; the client does without, then.
        guard let watch = try? RouteWatch() else { return }
        var poller = try Poller()
        try poller.add(watch.descriptor, token: 1)
        while try watch.takeChanges() {}
        let ready = try poller.wait(until: .origin)
        #expect(ready.allSatisfy { $0.token == 1 && $0.isReadable })
    }
}

@Suite struct ClockTests {
    @Test("the monotonic clock runs forward, and the wall clock is of this century")
    func clocks() {
        let first = MonotonicClock.now
        let second = MonotonicClock.now
        #expect(first <= second && first > .origin)
        #expect(WallClock.now > WallTime(milliseconds: 1_700_000_000_000))
    }
}
