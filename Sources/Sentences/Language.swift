/// The languages that the programs speak to people. A value, handed to where sentences are made: there is no current
/// language anywhere.
package enum Language: String, CaseIterable, Sendable {
    /// Also where nothing else fits.
    case english = "en"
    case indonesian = "id"

    /// What `--lang` takes.
    package static let codes = allCases.map(\.rawValue).sorted(by: >)

    /// The language of a locale, `id_ID.UTF-8` or `id`; English for every other one, `C` and `POSIX` among them.
    ///
    /// - Parameter locale: as LC_ALL and its like hold it (POSIX.1-2024, section 8.2). Total: any text may be given.
    package init(locale: String) {
        let code = locale.prefix { !"_.@-".contains($0) }.lowercased()
        // ISO 639: `in` was the code until 1989, and `ind` is the one of three letters.
        self = ["id", "in", "ind"].contains(code) ? .indonesian : .english
    }

    /// The language of an environment: that of the first variable that is set and not empty.
    ///
    /// - Parameter variables: LC_ALL, LC_MESSAGES, LANG in this order.
    package init(environment variables: String?...) {
        self.init(locale: variables.lazy.compactMap(\.self).first { !$0.isEmpty } ?? "")
    }
}

/// The areas of the catalogue: a folder has each of them for one language.
extension Language {
    /// Arguments, files and the system, in both programs.
    package var program: any ProgramSentences {
        switch self {
        case .english: EnglishProgram()
        case .indonesian: IndonesianProgram()
        }
    }

    /// Configuration files.
    package var setup: any SetupSentences {
        switch self {
        case .english: EnglishSetup()
        case .indonesian: IndonesianSetup()
        }
    }

    /// The client's arguments, questions and ends.
    package var client: any ClientSentences {
        switch self {
        case .english: EnglishClient()
        case .indonesian: IndonesianClient()
        }
    }

    /// What is seen of the room.
    package var room: any RoomSentences {
        switch self {
        case .english: EnglishRoom()
        case .indonesian: IndonesianRoom()
        }
    }

    /// What stands around the line being typed.
    package var screen: any ScreenSentences {
        switch self {
        case .english: EnglishScreen()
        case .indonesian: IndonesianScreen()
        }
    }

    /// What the client answers to what is typed.
    package var chat: any ChatSentences {
        switch self {
        case .english: EnglishChat()
        case .indonesian: IndonesianChat()
        }
    }

    /// The client's link to the server.
    package var link: any LinkSentences {
        switch self {
        case .english: EnglishLink()
        case .indonesian: IndonesianLink()
        }
    }

    /// The server's arguments, ends, log and output.
    package var server: any ServerSentences {
        switch self {
        case .english: EnglishServer()
        case .indonesian: IndonesianServer()
        }
    }

    /// What `doctor` finds.
    package var doctor: any DoctorSentences {
        switch self {
        case .english: EnglishDoctor()
        case .indonesian: IndonesianDoctor()
        }
    }

    /// Backups, moves and checks of the data folder.
    package var upkeep: any UpkeepSentences {
        switch self {
        case .english: EnglishUpkeep()
        case .indonesian: IndonesianUpkeep()
        }
    }

    /// The server's console.
    package var console: any ConsoleSentences {
        switch self {
        case .english: EnglishConsole()
        case .indonesian: IndonesianConsole()
        }
    }
    /// Running as a service.
    package var service: any ServiceSentences {
        switch self {
        case .english: EnglishService()
        case .indonesian: IndonesianService()
        }
    }
}
