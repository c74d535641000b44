import Glibc
import ServerRuntime

/// The program `udp-server`.
@main
struct UDPServer {
    static func main() {
        exit(ServerProgram.runAsProcess(arguments: Array(CommandLine.arguments.dropFirst())))
    }
}
