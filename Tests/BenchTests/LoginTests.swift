import Testing

@testable import Bench

@Suite("login")
struct LoginTests {
    @Test("every login succeeds, each with a cookie")
    func logins() throws {
        let report = try LoginBench(seconds: 0.2).run()
        #expect(report.fault == nil)
        #expect((report.figure("logins") ?? 0) > 0)
    }
}
