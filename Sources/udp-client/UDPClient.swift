import ClientRuntime
import Glibc

/// The program `udp-client`.
@main
struct UDPClient {
    static func main() {
        exit(ClientProgram.runAsProcess(arguments: Array(CommandLine.arguments.dropFirst())))
    }
}
