internal import Core

/// The exit statuses of a tool, for the end of its help and of its manual page.
public let exitStatusHelp: String = {
    let failures = ExitStatus.listed.map { "\($0.rawValue) \($0.meaning)" }
    return "Exit status: 0 done; \(failures.joined(separator: "; "))."
}()

extension ExitStatus {
    fileprivate static let listed: [ExitStatus] = [
        .usage, .badData, .noInput, .unavailable, .cannotCreate, .inputOutput, .tryAgain, .configuration, .interrupted,
    ]

    /// A phrase on the cause.
    fileprivate var meaning: String {
        switch self {
        case .usage: "a command line that cannot be parsed"
        case .badData: "damaged or unsuitable input"
        case .noInput: "a missing input"
        case .unavailable: "a missing program or library"
        case .cannotCreate: "an existing output of other inputs or settings"
        case .inputOutput: "failed reading or writing"
        case .tryAgain: "unfinished work (run the command again)"
        case .configuration: "unsuitable settings"
        case .interrupted: "an interruption (run the command again)"
        }
    }
}
