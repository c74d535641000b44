package import Basics
import Crypto

/// Every constant of the protocol, with its source. Sizes are in bytes.
package enum Limits {
    /// The protocol version that this code speaks.
    package static let version: UInt32 = 1

    // MARK: Sizes

    /// The largest datagram sent before the path has proved more; RFC 9000, section 14 demands that a path carries it.
    package static let datagramBytes = 1200
    /// The longest datagram sent at all: 1,500 bytes of Ethernet less the headers of IPv6 (40) and UDP (8). Over IPv4 it
    /// is the same, so that a path is one path for both.
    package static let longestDatagramBytes = 1452
    /// A hello is padded to this, so that no answer to a stranger is longer than the question.
    package static let helloBytes = 1200
    /// The largest message of a log or of the control channel.
    package static let messageBytes = 16 * 1024
    /// A message longer than this is cut into fragments of this size. With all headers one fits `datagramBytes`.
    package static let fragmentBytes = 1024
    /// The most fragments of a message.
    package static let fragmentsPerMessage = messageBytes / fragmentBytes
    /// The longest text in a CLOSE frame.
    package static let closeTextBytes = 200
    /// The longest application payload in a login or its answer, so that M3 and M4 fit one datagram.
    package static let loginPayloadBytes = 640

    // MARK: Windows

    /// Messages of one log under way at once; the receiver holds no more out of order, or over the rate.
    package static let messageWindow = 256
    /// No further message of a log is begun while this many bytes of it are under way.
    package static let messageWindowBytes = 64 * 1024
    /// What a receiver holds of one log out of order, or over the rate: the window and the message that may exceed it.
    package static let reorderBytes = messageWindowBytes + messageBytes
    /// After so many pieces that were taken late a peer is told how far, in a packet of its own: a 16th of the window, so
    /// that it never stands still while there is room.
    package static let untoldPieces = messageWindow / 16
    /// Full packets that leave to one peer before it is another's turn: those of 12 KiB.
    package static let runPackets = 8
    /// A packet is made full with at most so many bytes of padding.
    package static let fillBytes = 128
    /// Packets under way at once. An ACK's bitmap covers 65, so that each can be acknowledged.
    package static let packetWindow = 64
    /// Records of sent packets kept, those included that were declared lost and may still be acknowledged late.
    package static let sentPacketRecords = 512
    /// Control messages waiting for one peer; a peer that lets more pile up is closed.
    package static let controlQueue = 256
    /// The last packet number (RFC 9000, section 12.3): one is never used twice under the same key.
    package static let lastPacketNumber: UInt64 = (1 << 62) - 1
    /// Beyond this number a connection closes. What is left suffices for closing.
    package static let closingPacketNumber = lastPacketNumber - (1 << 16)
    /// Packets in the replay window (RFC 6479).
    package static let replayWindow = 2048
    /// Logs that a server may feed to a client over one connection.
    package static let logsPerConnection = 256

    // MARK: Keys

    /// Packets in one direction after which the keys are updated. AES-256-GCM bears 2^23 of up to 2^11 bytes, which is its
    /// confidentiality limit, and ChaCha20-Poly1305 more than there are packet numbers (RFC 9001, section 6.6). An eighth of
    /// the former bounds what one stolen key opens, and has updates exercised.
    package static let keyPackets: UInt64 = 1 << 20
    /// Packets sealed under one key after which the connection closes, where the other side keeps it from being updated:
    /// half of the confidentiality limit of AES-256-GCM.
    package static let lastKeyPackets: UInt64 = 1 << 22
    /// The age of keys after which the next packet updates them.
    package static let keyAge: Duration = .seconds(120)

    /// Forged packets over the life of a connection after which it closes: the integrity limit of ChaCha20-Poly1305
    /// (RFC 9001, section 6.6). That of AES-256-GCM, 2^52, lies beyond it.
    package static let forgeries: UInt64 = 1 << 36

    // MARK: Handshake

    /// Waits between repeats of a handshake message; the last one goes on.
    package static let handshakeRepeats: [Duration] = [.milliseconds(250), .milliseconds(500), .seconds(1)]
    /// A handshake without progress for so long is given up, and another begins with a new session identifier.
    package static let handshakePatience: Duration = .seconds(4)
    /// How long the server remembers a handshake that is not finished, was refused, or was finished.
    package static let handshakeMemory: Duration = .seconds(5)
    /// Handshakes under way at once on a server. One more pushes out one of the address block that has the most.
    package static let halfOpen = 1024
    /// Handshakes that let somebody in or refused them, remembered for repeats of M3. One more pushes out the oldest.
    package static let answeredHandshakes = 1024
    /// Handshakes that were rejected, remembered for repeats of M3. One more pushes out the oldest.
    package static let rejectedHandshakes = 1024
    /// Handshakes remembered at once, of all kinds.
    package static let rememberedHandshakes = halfOpen + answeredHandshakes + rejectedHandshakes
    /// How often a server repeats M4 to a repeated M3. A client says M3 six times at most before it begins anew.
    package static let verdictRepeats = 8
    /// How often a server repeats its answer to a repeated M1 or, when the password was wrong, M3.
    package static let handshakeAnswerRepeats = 3
    /// Answers per second to datagrams that did not authenticate, and as many at once: so many for addresses that may be
    /// forged, and as many for those that were proved by a cookie or by knowing M2. Retry is not among them.
    package static let strangerAnswersPerSecond = 2000
    /// Retries per second, and as many at once. One costs a hash, and 61 bytes for 1,200: under a flood of 100,000 hellos
    /// a second an honest one gets its Retry within six tries with a probability of 3 in 4.
    package static let retriesPerSecond = 20_000

    // MARK: Guesses

    /// Wrong passwords heard from one address block at once. A class behind one address must not lock itself out.
    package static let guessesPerBlock = 20
    /// After them one of a block is heard each so often.
    package static let guessInterval: Duration = .seconds(30)
    /// Wrong passwords heard from all strangers together at once.
    package static let guessesFromStrangers = 100
    /// After them one is heard each so often: 86,400 a day, however many addresses somebody owns.
    package static let strangersGuessInterval: Duration = .seconds(1)
    /// Address blocks whose failures are remembered. With the limits above at most 700 are at any time.
    package static let guessingBlocks = 4096
    /// How often a second the owner is told that somebody was turned away unheard, and so often at once.
    package static let attemptReportsPerSecond = 5

    // MARK: Cookies

    /// From so many half-open handshakes on every hello needs a cookie.
    package static let cookieHalfOpen = 128
    /// So many hellos a second, and as many at once, are answered without a cookie.
    package static let hellosPerSecond = 200
    /// How many of 100 hellos need a cookie in any case, so that the path is exercised.
    package static let cookiePercent = 1
    /// How many seconds a cookie is good for: longer than a client repeats the hello that carries it.
    package static let cookieSeconds: UInt32 = 10
    /// How long cookies are made under the same secret. The one before it is honoured for as long again.
    package static let cookieSecretLife: Duration = .seconds(120)
    /// Stateless resets per second, and as many at once. They come out of the answers to strangers and are fewer, so that
    /// a flood of made-up data leaves room for those who knock.
    package static let resetsPerSecond = 500

    // MARK: Tickets

    /// The length of every ticket: nobody learns anything from it.
    package static let ticketBytes = TicketKeys.headerBytes + SealedBox.overhead + TicketContent.bytes
    /// The longest that the application knows a ticket's holder by.
    package static let ticketIdentityBytes = 96
    /// How long a ticket is good.
    package static let ticketLife: Duration = .seconds(14 * 86_400)
    /// How long a key seals tickets; it opens them until the last one is over.
    package static let ticketKeyLife: Duration = .seconds(86_400)
    /// Keys kept at once: one a day for as long as tickets are good, the present one, and one that the clock's moves make.
    package static let ticketKeys = 16
    /// How long a member's ticket serves before the next one is sent.
    package static let ticketRenewal: Duration = .seconds(86_400)
    /// Logins that were answered and have not proved yet that they hear it. One more pushes out one of the address block
    /// that has the most.
    package static let provisional = 1024
    /// How long such a login may take to prove it.
    package static let provisionalMemory: Duration = .seconds(5)

    // MARK: Paths

    /// Connection IDs that a client holds besides the one that it uses. A client may change its address so often before
    /// the server hears of it, and send under a new ID each time.
    package static let spareConnectionIDs = 3
    /// Connection IDs of one peer that the server takes packets under (RFC 9000 has a limit of at least 2).
    package static let liveConnectionIDs = 1 + spareConnectionIDs
    /// Challenges to a new address of a peer before it is given up; each next packet from there begins anew.
    package static let pathChallenges = 4
    /// How long the answer to the last one is waited for at least.
    package static let pathPatience: Duration = .seconds(2)

    // MARK: Path MTU

    /// The search ends when less than this is left to gain: 1 % of a datagram.
    package static let pathMTUStep = 16
    /// A length is given up after so many lost probes (RFC 8899, section 5.1.2: MAX_PROBES).
    package static let pathMTUProbes = 3
    /// A packet that is at most so much shorter than allowed counts as full: the next message did not fit.
    package static let pathMTUSlack = 100
    /// So many full packets are followed by a probe. One of 1,452 bytes costs what six such packets save.
    package static let longPacketsBeforeProbe = 8
    /// Full packets farther apart than this are no stream.
    package static let pathMTUDemand: Duration = .seconds(10)
    /// What was found is good for so long (RFC 8899, section 5.1.1: PMTU_RAISE_TIMER).
    package static let pathMTULife: Duration = .seconds(600)
    /// So many long packets lost in a row, while shorter ones arrive, are a black hole. At 20 % random loss that happens
    /// once in ten million packets.
    package static let longPacketsInBlackHole = 10

    /// So many packets acknowledged without a word about their ECN marks: somebody removes them on the way.
    package static let packetsWithoutMarks: UInt64 = 64

    // MARK: Time

    /// The client says something after so much silence of its own.
    package static let keepAlive: Duration = .seconds(10)
    /// A peer that was silent for so long is gone.
    package static let idle: Duration = .seconds(30)
    /// A client that hears nothing asks once more so long before that: longer than a round trip of most paths.
    package static let lastCall: Duration = .milliseconds(500)
    /// The round trip assumed before one was measured (RFC 9002, section 6.2.2 has 333 ms for the open Internet).
    package static let initialRoundTrip: Duration = .milliseconds(250)
    /// Timer granularity: nothing is timed finer (RFC 9002, section 6.1.2).
    package static let granularity: Duration = .milliseconds(1)
    /// The longest wait between two probes.
    package static let probeCeiling: Duration = .seconds(2)
    /// Probes at an even pace before they slow down.
    package static let evenProbes = 4
    /// The longest an acknowledgement waits for company.
    package static let acknowledgementDelay: Duration = .milliseconds(25)
    /// An acknowledgement waits for no more packets than this: a full window gets four a round trip, and no packet gets
    /// so old that the bitmap of the next acknowledgement does not cover it.
    package static let acknowledgementPackets = packetWindow / 4
    /// So many packets tell the newest state of what arrived, where they leave anyway.
    package static let acknowledgementTellings: UInt8 = 4
    /// The longest delay of acknowledgements that a server may ask for.
    package static let longestAcknowledgementDelay: Duration = .milliseconds(250)
    /// What a server asks for when many are connected: at most five acknowledgements a second where less is lost than
    /// `fanOutLoss`. A lost message that nothing follows is asked about so much later.
    package static let fanOutAcknowledgementDelay: Duration = .milliseconds(200)
    /// And no acknowledgement before so many packets, which is half of a full window.
    package static let fanOutAcknowledgementPackets = packetWindow / 2
    /// From so many connected peers on their acknowledgements weigh.
    package static let fanOutPeers = 64
    /// Below this share of lost packets a server asks for fewer acknowledgements. One loss among the last 140 packets
    /// keeps the estimate above it.
    package static let fanOutLoss = 0.0025
    /// One unit of the delay field of an ACK.
    package static let acknowledgementDelayUnit: Duration = .microseconds(32)
    /// How long a closing side waits for the confirmation of its CLOSE, and a closed one answers repeats of it.
    package static let closing: Duration = .seconds(2)
}
