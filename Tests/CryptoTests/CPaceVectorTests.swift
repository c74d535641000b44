import Crypto
import Testing

@Suite struct CPaceVectorTests {
    private let vectors: Vectors

    init() throws {
        vectors = try Vectors.load()
    }

    private var runs: [Vectors.Run] { [vectors.cpace] + vectors.generated }

    @Test("the file holds the runs we expect")
    func fileIsComplete() {
        #expect(vectors.generated.count == 7)
    }

    @Test("the generator string is the published one")
    func generatorString() {
        for run in runs {
            let string = CPace.generatorString(prs: run.PRS.secret(), channel: run.CI.bytes, session: run.sid.bytes)
            #expect(string.revealed() == run.generator_string.bytes, "\(run.name ?? "draft")")
            #expect(Digest.sha512(string).revealed() == run.generator_string_hash.bytes)
            let start = 1 + CPace.domain.count + LengthValue.prepend(run.PRS.bytes).count
            #expect(Int(run.generator_string.bytes[start]) == run.zpad_length)
        }
    }

    @Test("the generator is the published one")
    func generator() {
        for run in runs {
            let generator = CPace.generator(prs: run.PRS.secret(), channel: run.CI.bytes, session: run.sid.bytes)
            #expect(generator.revealed() == run.g.bytes, "\(run.name ?? "draft")")
        }
    }

    @Test("shares, point and key of both sides are the published ones")
    func runsOfBothSides() throws {
        for run in runs {
            let name = run.name ?? "draft"
            let parties = try parties(of: run)
            #expect(parties.a.share == run.Ya.bytes, "\(name)")
            #expect(parties.b.share == run.Yb.bytes, "\(name)")
            #expect(try parties.a.point(peerShare: run.Yb.bytes).revealed() == run.K.bytes, "\(name)")
            #expect(try parties.b.point(peerShare: run.Ya.bytes).revealed() == run.K.bytes, "\(name)")
            let initiator = (share: run.Ya.bytes, data: run.ADa.bytes)
            let responder = (share: run.Yb.bytes, data: run.ADb.bytes)
            let keyA = try parties.a.sharedSecret(
                peerShare: run.Yb.bytes, initiator: initiator, responder: responder)
            let keyB = try parties.b.sharedSecret(
                peerShare: run.Ya.bytes, initiator: initiator, responder: responder)
            #expect(keyA.revealed() == run.ISK_IR.bytes, "\(name)")
            #expect(keyB.revealed() == run.ISK_IR.bytes, "\(name)")
        }
    }

    @Test("the draft's suggested confirmation tags are the published ones")
    func confirmationTags() throws {
        for run in vectors.generated {
            let macKey = Array("CPaceMac".utf8) + run.sid.bytes + run.ISK_IR.bytes
            let key = Digest.sha512(secret(macKey))
            #expect(try key.revealed() == #require(run.mac_key).bytes)
            let tagA = MAC.hmacSHA512(key: key, LengthValue.cat(run.Ya.bytes, run.ADa.bytes))
            let tagB = MAC.hmacSHA512(key: key, LengthValue.cat(run.Yb.bytes, run.ADb.bytes))
            #expect(try tagA == #require(run.Ta_hmac_sha512).bytes)
            #expect(try tagB == #require(run.Tb_hmac_sha512).bytes)
        }
    }

    @Test("the draft's run agrees in each intermediate value of the form with roles")
    func draftWithRoles() throws {
        let run = vectors.cpace
        #expect(try CPace.domain == #require(run.DSI).bytes)
        #expect(try CPace.domain + Array("_ISK".utf8) == #require(run.DSI_ISK).bytes)
        let transcript = CPace.transcript(
            initiator: (run.Ya.bytes, run.ADa.bytes), responder: (run.Yb.bytes, run.ADb.bytes))
        #expect(try transcript == #require(run.transcript_ir).bytes)
        let input = try LengthValue.cat(#require(run.DSI_ISK).bytes, run.sid.bytes, run.K.bytes) + transcript
        #expect(try input == #require(run.isk_ir_input).bytes)
        #expect(Digest.sha512(input) == run.ISK_IR.bytes)
        let output = Digest.sha512(Array("CPaceSidOutput".utf8) + transcript)
        #expect(try output == #require(run.sid_output_ir).bytes)
    }

    @Test("the draft's run agrees in each intermediate value of the form without roles")
    func draftWithoutRoles() throws {
        let run = vectors.cpace
        let a = (share: run.Ya.bytes, data: run.ADa.bytes)
        let b = (share: run.Yb.bytes, data: run.ADb.bytes)
        let transcript = CPace.symmetricTranscript(a, b)
        #expect(try transcript == #require(run.transcript_oc).bytes)
        let input = try LengthValue.cat(#require(run.DSI_ISK).bytes, run.sid.bytes, run.K.bytes) + transcript
        #expect(try input == #require(run.isk_sy_input).bytes)
        let key = CPace.sessionKey(session: run.sid.bytes, point: run.K.secret(), transcript: transcript)
        #expect(try key.revealed() == #require(run.ISK_SY).bytes)
        let output = Digest.sha512(Array("CPaceSidOutput".utf8) + transcript)
        #expect(try output == #require(run.sid_output_oc).bytes)
    }

    @Test("multiplying gives the published point")
    func validPoint() {
        let valid = vectors.cpace_points.valid
        #expect(product(valid.X.bytes, valid.s.bytes) == valid.result.bytes)
    }

    @Test("what is no encoding and the identity are refused by a party")
    func invalidPoints() throws {
        let points = vectors.cpace_points
        let run = vectors.cpace
        let party = try CPaceParty(
            prs: run.PRS.secret(), channel: run.CI.bytes, session: run.sid.bytes,
            scalar: points.invalid_scalar.secret())
        for share in [points.invalid_decode.bytes, points.invalid_identity.bytes] {
            #expect(product(share, points.invalid_scalar.bytes) == nil)
            #expect(throws: CPaceError.invalidShare) {
                _ = try party.sharedSecret(peerShare: share, initiator: (share, []), responder: (party.share, []))
            }
        }
    }

    @Test("prepend_len gives the published strings")
    func prependLength() {
        #expect(vectors.strings.prepend_len.count == 4)
        for vector in vectors.strings.prepend_len {
            #expect(LengthValue.prepend(vector.in.bytes) == vector.out.bytes)
        }
    }

    @Test("lv_cat and o_cat give the published strings")
    func concatenations() throws {
        for vector in vectors.strings.lv_cat {
            try #require(vector.in.count == 4)
            let parts = vector.in.map(\.bytes)
            #expect(LengthValue.cat(parts[0], parts[1], parts[2], parts[3]) == vector.out.bytes)
        }
        for vector in vectors.strings.o_cat {
            try #require(vector.in.count == 2)
            let parts = vector.in.map(\.bytes)
            #expect(LengthValue.orderedCat(parts[0], parts[1]) == vector.out.bytes)
            #expect(LengthValue.orderedCat(parts[1], parts[0]) == vector.out.bytes)
        }
    }

    @Test("transcripts are the published strings")
    func transcripts() {
        for vector in vectors.strings.transcript_ir {
            let transcript = CPace.transcript(
                initiator: (vector.Ya.bytes, vector.ADa.bytes), responder: (vector.Yb.bytes, vector.ADb.bytes))
            #expect(transcript == vector.out.bytes)
        }
        for vector in vectors.strings.transcript_oc {
            let transcript = CPace.symmetricTranscript(
                (vector.Ya.bytes, vector.ADa.bytes), (vector.Yb.bytes, vector.ADb.bytes))
            #expect(transcript == vector.out.bytes)
        }
    }

    private func parties(of run: Vectors.Run) throws -> (a: CPaceParty, b: CPaceParty) {
        let a = try CPaceParty(
            prs: run.PRS.secret(), channel: run.CI.bytes, session: run.sid.bytes, scalar: run.ya.secret())
        let b = try CPaceParty(
            prs: run.PRS.secret(), channel: run.CI.bytes, session: run.sid.bytes, scalar: run.yb.secret())
        return (a, b)
    }
}
