import Foundation

extension Process {
    /// Starts it with no signal held back, as a shell does. The threads that tests run on hold back all of them, and a
    /// program that starts so is deaf: to SIGTERM above all.
    func runUnmasked() throws {
        var none = sigset_t()
        var former = sigset_t()
        unsafe sigemptyset(&none)
        unsafe pthread_sigmask(SIG_SETMASK, &none, &former)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &former, nil) }
        try run()
    }
}
