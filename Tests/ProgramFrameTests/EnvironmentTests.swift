import Testing

@testable import ProgramFrame

@Suite("what the environment says")
struct EnvironmentTests {
    @Test("folders are where XDG says, below home where it says nothing, and relative paths say nothing")
    func folders() {
        var environment = Environment()
        #expect(environment.dataFolder == nil && environment.stateFolder == nil)
        environment.home = "h"
        #expect(environment.dataFolder == nil)
        environment.home = "/h"
        #expect(environment.dataFolder == "/h/.local/share/gaschat")
        #expect(environment.stateFolder == "/h/.local/state/gaschat")
        environment.dataHome = "/d"
        environment.stateHome = "relative"
        #expect(environment.dataFolder == "/d/gaschat")
        #expect(environment.stateFolder == "/h/.local/state/gaschat")
    }
}
