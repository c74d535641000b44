import Crypto

/// What both sides compute alike over the bytes of a handshake.
package enum Transcript {
    /// CPace's channel identifier: who talks to whom, about what. Addresses are no part of it, since they change.
    package static let channel = LengthValue.cat(
        Array("gaschat/1 client".utf8), Array("gaschat/1 server".utf8), Array("main".utf8))

    /// th: both hellos as they were sent; M1 is the one that the server answered.
    package static func hash(hello: [UInt8], serverHello: [UInt8]) -> [UInt8] {
        Digest.sha512(LengthValue.cat(Array("gaschat/1 th".utf8), hello, serverHello))
    }

    /// What the server's key signs in M2.
    package static func serverSignatureInput(hello: [UInt8], unsigned: [UInt8]) -> [UInt8] {
        serverSignatureInput(helloDigest: Digest.sha512(hello), unsigned: unsigned)
    }

    /// The same, where the SHA-512 of M1 is known.
    static func serverSignatureInput(helloDigest: [UInt8], unsigned: [UInt8]) -> [UInt8] {
        LengthValue.cat(Array("gaschat/1 server sig".utf8), helloDigest, unsigned)
    }

    /// What the server's key signs in REJECT.
    package static func rejectSignatureInput(unsigned: [UInt8]) -> [UInt8] {
        LengthValue.cat(Array("gaschat/1 reject".utf8), unsigned)
    }

    /// What a device key signs in M3.
    package static func deviceProofInput(exporter: [UInt8]) -> [UInt8] {
        LengthValue.cat(Array("gaschat/1 device".utf8), exporter)
    }

    /// The hash over a resume's R1 as a whole and R2's front.
    static func resume(hello: [UInt8], answer: [UInt8]) -> [UInt8] {
        Digest.sha512(LengthValue.cat(Array("gaschat/1 resume th".utf8), hello, answer))
    }

    /// How a ticket refusal names the R1 that it answers.
    static func resumeDigest(_ hello: [UInt8]) -> [UInt8] {
        Array(Digest.sha512(hello).prefix(TicketRefusal.digestBytes))
    }

    /// What the server's key signs in a ticket refusal.
    static func ticketRefusalSignatureInput(unsigned: [UInt8]) -> [UInt8] {
        LengthValue.cat(Array("gaschat/1 ticket refusal".utf8), unsigned)
    }

    /// How REJECT names the M3 that it answers.
    package static func finishDigest(_ finish: [UInt8]) -> [UInt8] {
        Array(Digest.sha512(finish).prefix(Reject.digestBytes))
    }

    /// What Tb is computed over.
    package static func serverTagInput(transcript: [UInt8], finish: [UInt8]) -> [UInt8] {
        LengthValue.cat(transcript, finish)
    }
}
