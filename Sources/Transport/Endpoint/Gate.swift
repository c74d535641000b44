import Basics

/// What a server grants to strangers; a configuration may say otherwise.
package struct StrangerLimits: Hashable, Sendable {
    /// From so many half-open handshakes on every hello needs a cookie.
    package var cookieHalfOpen = Limits.cookieHalfOpen
    /// Hellos a second that are answered without a cookie.
    package var hellosPerSecond = Limits.hellosPerSecond
    /// How many of 100 hellos need a cookie in any case.
    package var cookiePercent = Limits.cookiePercent
    /// Wrong passwords.
    package var guesses = GuessLimits()

    package init() {}
}

/// What stands between a stranger and the work and memory of the server: who is heard at once, who has to show first
/// that they hear us, and how much is said to all of them together.
struct Gate: Sendable {
    enum Passage: Hashable, Sendable {
        /// Do the work; `isValidated`: the address was proved by a cookie.
        case open(isValidated: Bool)
        case needsCookie
        /// The cookie is not one of ours for this hello, or no longer.
        case closed
    }

    private let limits: StrangerLimits
    private var cookies: CookieJar
    private var hellos: TokenBucket
    private var answers: TokenBucket
    private var validatedAnswers: TokenBucket
    private var retries: TokenBucket
    private var reports: TokenBucket
    var admission: AdmissionLimit

    init(limits: StrangerLimits, at now: Instant) {
        self.limits = limits
        cookies = CookieJar(chosenPercent: limits.cookiePercent)
        hellos = TokenBucket(rate: limits.hellosPerSecond, at: now)
        answers = TokenBucket(rate: Limits.strangerAnswersPerSecond, at: now)
        validatedAnswers = TokenBucket(rate: Limits.strangerAnswersPerSecond, at: now)
        retries = TokenBucket(rate: Limits.retriesPerSecond, at: now)
        reports = TokenBucket(rate: Limits.attemptReportsPerSecond, at: now)
        admission = AdmissionLimit(limits: limits.guesses)
    }

    /// Whether a hello that begins a handshake is heard.
    mutating func passage(
        of hello: Hello, from address: SocketAddress, halfOpen: Int, at now: Instant,
        using random: inout some RandomNumberGenerator
    ) -> Passage {
        guard hello.cookie.isEmpty else {
            let isValid = cookies.isValid(cookieOf: hello, from: address, at: now, using: &random)
            return isValid ? .open(isValidated: true) : .closed
        }
        guard halfOpen < limits.cookieHalfOpen, !cookies.chooses(hello.sessionID, at: now, using: &random),
            hellos.take(at: now)
        else { return .needsCookie }
        return .open(isValidated: false)
    }

    /// The answer to a hello that needs a cookie; nil when there were too many.
    mutating func retry(
        to hello: Hello, from address: SocketAddress, at now: Instant, using random: inout some RandomNumberGenerator
    ) -> Retry? {
        guard retries.take(at: now) else { return nil }
        return Retry(to: hello, cookie: cookies.cookie(for: hello, from: address, at: now, using: &random))
    }

    /// Whether there may be one more answer to somebody who has proved nothing, or nothing but the address. The two have
    /// budgets of their own, so that a flood from forged addresses takes nothing from those who have a real one.
    mutating func takeAnswer(isValidated: Bool, at now: Instant) -> Bool {
        isValidated ? validatedAnswers.take(at: now) : answers.take(at: now)
    }

    /// Whether to tell the owner once more that somebody was turned away unheard: nobody is to fill the owner's log.
    mutating func takeReport(at now: Instant) -> Bool {
        reports.take(at: now)
    }
}
