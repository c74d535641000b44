/// What became of a byte stream.
package enum StreamEvent: Hashable, Sendable {
    /// The peer has begun to write it.
    case opened
    /// There are bytes to read, or the end is reached. It is told again after the next read only.
    case readable
    /// Everything was read, or everything that was written has arrived. The stream is gone.
    case finished
    /// The peer gave it up. What was not read is gone, and so is the stream.
    case reset(code: UInt64)
    /// The peer wants no more of what is written here: the stream is reset.
    case stopped(code: UInt64)
    /// There is room for more. It is told again after the next write only.
    case writable
}

/// All byte streams of a connection. Each goes one way: who opens it writes it.
///
/// A stream that was not granted credit can't be used, so that the reader decides what there is: nothing, unless its
/// owner says so.
struct Streams: Sendable {
    private let isClient: Bool
    private(set) var outgoing: [OutgoingByteStream] = []
    private(set) var incoming: [IncomingByteStream] = []
    private var sendCredit = SendCredit()
    private var receiveCredit = ReceiveCredit(window: Limits.connectionWindow)
    private var nextID: UInt64
    /// Streams that were given up before the peer accepted them. It hears so when it does.
    private var withdrawn: [(id: StreamID, code: UInt64, isDue: Bool)] = []
    /// Granted for streams that are not open yet.
    private var grants: [UInt64: UInt64] = [:]
    /// The last stream of the peer that was granted credit.
    private var lastGranted: UInt64 = 0
    /// Streams of the peer that are granted credit at any time.
    private var accepted = 0
    private var isConnectionCreditTold = false
    /// Streams, or 0 for the connection, whose credit must be told; each once.
    private var dueCredits: [UInt64] = []
    /// Which stream comes first in the next packet.
    private var turn = 0
    /// Bytes that all outgoing streams together may keep.
    private var bufferLimit = Limits.leastSendBuffer
    var events: [(StreamID, StreamEvent)] = []

    init(role: Connection.Role) {
        isClient = role == .client
        nextID = isClient ? 2 : 1
    }

    // MARK: The owner, writing

    /// - Returns: nil when too many are open.
    mutating func open() -> StreamID? {
        guard outgoing.count < Limits.streams else { return nil }
        let id = StreamID(rawValue: nextID)
        nextID += 2
        var stream = OutgoingByteStream(id: id)
        if let limit = grants.removeValue(forKey: id.rawValue) { _ = stream.credit.grant(limit) }
        outgoing.append(stream)
        tellWritable(outgoing.count - 1)
        return id
    }

    /// How many bytes all outgoing streams together may keep from now on.
    mutating func setBufferLimit(_ bytes: Int) {
        bufferLimit = bytes
        for place in outgoing.indices {
            // Who was told of room, and finds none since the limit shrank, must be told again.
            if room(at: place) == 0 { outgoing[place].wantsToWrite = true }
            tellWritable(place)
        }
    }

    func room(in id: StreamID) -> Int { writing(id).map { room(at: $0) } ?? 0 }

    /// How many bytes a stream takes: each has its share, and what others have above theirs is nobody's until it left.
    private func room(at place: Int) -> Int {
        let share = max(Limits.leastSendBuffer, bufferLimit / max(1, outgoing.count))
        let all = outgoing.reduce(0) { $0 + $1.buffered }
        let free = max(bufferLimit - all, Limits.leastSendBuffer - outgoing[place].buffered, 0)
        return outgoing[place].room(buffer: min(share, outgoing[place].buffered + free))
    }

    /// Bytes that are kept, both ways.
    var heldBytes: Int { outgoing.reduce(0) { $0 + $1.buffered } + incoming.reduce(0) { $0 + $1.held } }

    /// - Returns: how many of the bytes were taken.
    mutating func write(_ bytes: ArraySlice<UInt8>, to id: StreamID) -> Int {
        guard let place = writing(id) else { return 0 }
        let taken = bytes.prefix(room(at: place))
        outgoing[place].write(taken)
        outgoing[place].wantsToWrite = true
        return taken.count
    }

    mutating func finish(_ id: StreamID) {
        guard let place = writing(id) else { return }
        outgoing[place].finish()
    }

    mutating func reset(_ id: StreamID, code: UInt64) {
        guard let place = writing(id) else { return }
        guard !outgoing[place].isAccepted else {
            outgoing[place].reset(code)
            return
        }
        outgoing.remove(at: place)
        withdrawn.append((id, code, false))
        if withdrawn.count > Limits.streams { withdrawn.removeFirst() }
    }

    private func writing(_ id: StreamID) -> Int? { outgoing.firstIndex { $0.id == id } }

    private func reading(_ id: StreamID) -> Int? { incoming.firstIndex { $0.id == id } }

    private mutating func tellWritable(_ place: Int) {
        guard outgoing[place].wantsToWrite else { return }
        let room = room(at: place)
        guard room >= Limits.writableBytes || room > 0 && outgoing[place].buffered == 0 else { return }
        outgoing[place].wantsToWrite = false
        events.append((outgoing[place].id, .writable))
    }

    // MARK: The owner, reading

    /// Grants credit to so many streams of the peer at any time, in the order of their names.
    mutating func accept(_ count: Int) {
        accepted = min(max(0, count), Limits.streams)
        grantNext()
    }

    private mutating func grantNext() {
        while incoming.count < accepted { grant(lastGranted == 0 ? (isClient ? 1 : 2) : lastGranted + 2) }
    }

    /// Grants credit to a stream that the peer has announced.
    ///
    /// - Returns: false for one that is not the peer's, or not behind those granted before, or when there are too many.
    mutating func expect(_ id: StreamID) -> Bool {
        guard isPeers(id), id.rawValue > lastGranted, incoming.count < Limits.streams else { return false }
        grant(id.rawValue)
        return true
    }

    private mutating func grant(_ id: UInt64) {
        lastGranted = id
        incoming.append(IncomingByteStream(id: StreamID(rawValue: id), window: Limits.streamWindow))
        if !isConnectionCreditTold { tell(0) }
        isConnectionCreditTold = true
        tell(id)
    }

    private func isPeers(_ id: StreamID) -> Bool { id.isClients != isClient }

    private mutating func tell(_ id: UInt64) {
        if !dueCredits.contains(id) { dueCredits.append(id) }
    }

    mutating func read(_ id: StreamID, upTo limit: Int) -> [UInt8] {
        guard let place = reading(id), incoming[place].stopCode == nil else { return [] }
        let bytes = incoming[place].read(upTo: limit)
        free(UInt64(bytes.count))
        if incoming[place].isComplete {
            events.append((id, .finished))
            forget(place)
        } else {
            if incoming[place].credit.consume(UInt64(bytes.count)) { tell(id.rawValue) }
            tellReadable(place)
        }
        return bytes
    }

    /// Bytes of the connection's credit are not held any more.
    private mutating func free(_ count: UInt64) {
        if receiveCredit.consume(count) { tell(0) }
    }

    private mutating func tellReadable(_ place: Int) {
        guard incoming[place].isReadable, !incoming[place].isAnnounced else { return }
        incoming[place].isAnnounced = true
        events.append((incoming[place].id, .readable))
    }

    mutating func stop(_ id: StreamID, code: UInt64) {
        guard let place = reading(id) else { return }
        free(incoming[place].stop(code))
        if incoming[place].isComplete { forget(place) }
    }

    private mutating func forget(_ place: Int) {
        let id = incoming.remove(at: place).id
        dueCredits.removeAll { $0 == id.rawValue }
        grantNext()
    }

    // MARK: Receiving

    /// - Returns: whether it brought anything new.
    mutating func receive(_ chunk: StreamChunk) throws(ProtocolViolation) -> Bool {
        guard isPeers(chunk.id) else { throw .unexpectedStream }
        guard let place = reading(chunk.id) else {
            // What is over may come again.
            guard chunk.id.rawValue <= lastGranted else { throw .unexpectedStream }
            return false
        }
        let wasOpen = incoming[place].isOpen
        let (grown, isNews) = try incoming[place].insert(chunk)
        try receiveCredit.receive(grown)
        if incoming[place].stopCode != nil {
            free(grown)
            if incoming[place].isComplete { forget(place) }
            return isNews
        }
        if !wasOpen { events.append((chunk.id, .opened)) }
        tellReadable(place)
        return isNews
    }

    mutating func receive(_ credit: StreamCredit) throws(ProtocolViolation) {
        guard let id = credit.id else {
            _ = sendCredit.grant(credit.limit)
            return
        }
        guard !isPeers(id) else { throw .unexpectedStream }
        if let place = writing(id) {
            if outgoing[place].credit.grant(credit.limit) { tellWritable(place) }
        } else if let place = withdrawn.firstIndex(where: { $0.id == id }) {
            withdrawn[place].isDue = true
        } else if id.rawValue >= nextID {
            // An honest peer grants no more than so many ahead, and this bounds the table.
            guard id.rawValue < nextID + 2 * UInt64(Limits.streams) else { throw .unexpectedStream }
            grants[id.rawValue] = max(grants[id.rawValue] ?? 0, credit.limit)
        }
    }

    mutating func receive(_ reset: StreamReset) throws(ProtocolViolation) {
        guard isPeers(reset.id) else { throw .unexpectedStream }
        // One that nobody was granted was given up before it was expected.
        guard let place = reading(reset.id) else { return }
        let (grown, freed) = try incoming[place].reset(size: reset.size)
        try receiveCredit.receive(grown)
        free(incoming[place].stopCode == nil ? freed : grown)
        if incoming[place].stopCode == nil { events.append((reset.id, .reset(code: reset.code))) }
        forget(place)
    }

    mutating func receive(_ stop: StreamStop) throws(ProtocolViolation) {
        guard !isPeers(stop.id), stop.id.rawValue < nextID else { throw .unexpectedStream }
        guard let place = writing(stop.id), outgoing[place].resetCode == nil else { return }
        outgoing[place].reset(stop.code)
        events.append((stop.id, .stopped(code: stop.code)))
    }

    // MARK: Sending

    /// Whether anything small waits that needs no turn.
    var hasControl: Bool {
        !dueCredits.isEmpty || outgoing.contains { $0.isResetWaiting } || incoming.contains { $0.isStopWaiting }
            || withdrawn.contains { $0.isDue }
    }

    /// Whether bytes of a stream wait, which the peer takes.
    var hasData: Bool { outgoing.contains { $0.hasPending(connection: sendCredit.left) } }

    /// Whether the peer does not have all yet that was written.
    var hasUnconfirmed: Bool { outgoing.contains { $0.buffered > 0 || $0.isFinished || $0.resetCode != nil } }

    /// Writes credits, resets and stops, as far as they fit.
    ///
    /// - Parameter limit: the most bytes that the datagram may have.
    mutating func emitControl(into datagram: inout [UInt8], limit: Int) -> [BulkFrame] {
        var frames: [BulkFrame] = []
        while let id = dueCredits.first, datagram.count + Limits.streamControlBytes <= limit {
            dueCredits.removeFirst()
            if id == 0 {
                Frame.credit(StreamCredit(id: nil, limit: receiveCredit.renew())).emit(into: &datagram)
                frames.append(.credit(nil))
            } else if let place = reading(StreamID(rawValue: id)) {
                let limit = incoming[place].credit.renew()
                Frame.credit(StreamCredit(id: incoming[place].id, limit: limit)).emit(into: &datagram)
                frames.append(.credit(incoming[place].id))
            }
        }
        for place in outgoing.indices where datagram.count + Limits.streamControlBytes <= limit {
            guard let reset = outgoing[place].takeReset() else { continue }
            Frame.reset(reset).emit(into: &datagram)
            frames.append(.reset(reset.id))
        }
        for place in withdrawn.indices where datagram.count + Limits.streamControlBytes <= limit {
            guard withdrawn[place].isDue else { continue }
            withdrawn[place].isDue = false
            let (id, code, _) = withdrawn[place]
            Frame.reset(StreamReset(id: id, code: code, size: 0)).emit(into: &datagram)
            frames.append(.reset(id))
        }
        for place in incoming.indices where datagram.count + Limits.streamControlBytes <= limit {
            guard let stop = incoming[place].takeStop() else { continue }
            Frame.stop(stop).emit(into: &datagram)
            frames.append(.stop(stop.id))
        }
        return frames
    }

    /// Writes pieces of streams, which take turns at being first, as far as they fit.
    ///
    /// - Parameter limit: the most bytes that the datagram may have.
    mutating func emitData(into datagram: inout [UInt8], limit: Int) -> [BulkFrame] {
        var frames: [BulkFrame] = []
        let count = outgoing.count
        guard count > 0 else { return [] }
        for step in 0..<count where limit - datagram.count > Limits.leastStreamPiece {
            let place = (turn + step) % count
            while let frame = outgoing[place].emit(
                into: &datagram, room: limit - datagram.count, connection: &sendCredit)
            {
                frames.append(frame)
            }
        }
        turn = (turn + 1) % count
        return frames
    }

    // MARK: What became of it

    mutating func arrived(_ frame: BulkFrame) {
        switch frame {
        case .stream(let id, let range, let isLast):
            guard let place = writing(id) else { return }
            outgoing[place].arrived(range, isLast: isLast)
            if outgoing[place].isComplete {
                events.append((id, .finished))
                outgoing.remove(at: place)
            }
        case .reset(let id):
            withdrawn.removeAll { $0.id == id }
            guard let place = writing(id) else { return }
            outgoing[place].resetArrived()
            if outgoing[place].hasResetArrived { outgoing.remove(at: place) }
        case .credit, .stop: return
        }
    }

    mutating func lost(_ frame: BulkFrame) {
        switch frame {
        case .stream(let id, let range, let isLast):
            if let place = writing(id) { outgoing[place].lost(range, isLast: isLast) }
        case .reset(let id):
            if let place = writing(id) { outgoing[place].resetLost() }
            if let place = withdrawn.firstIndex(where: { $0.id == id }) { withdrawn[place].isDue = true }
        case .credit(let id):
            if let id, reading(id) == nil { return }
            tell(id?.rawValue ?? 0)
        case .stop(let id):
            if let place = reading(id) { incoming[place].stopLost() }
        }
    }
}
