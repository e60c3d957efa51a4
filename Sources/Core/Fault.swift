internal import Synchronization

/// The exit status of a process, after sysexits.
public enum ExitStatus: Int32, Sendable, Codable {
    case usage = 64
    case badData = 65
    case noInput = 66
    case unavailable = 69
    case cannotCreate = 73
    case inputOutput = 74
    case tryAgain = 75
    case configuration = 78
    case interrupted = 130
}

/// A failure that a user meets: the subject, what was found, what was expected, and the remedy, in one sentence.
public struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
    public let status: ExitStatus
    /// The file, setting or option concerned, as the user named it.
    public var subject: String { option?.description ?? name }
    /// The option concerned; nil for another subject.
    public let option: OptionName?
    private let name: String
    public let found: String
    public let expected: String
    /// What the user can do about it; empty where there is nothing to say.
    public let remedy: Remedy
    /// The kind of the failed system call; nil for any other fault.
    package internal(set) var failure: FileFailure?

    /// A fault that reads `subject: found FOUND, expected EXPECTED; REMEDY.` without its empty pieces.
    public init(_ status: ExitStatus, _ subject: String, found: String, expected: String = "", remedy: Remedy = "") {
        self.status = status
        option = nil
        name = subject
        self.found = found
        self.expected = expected
        self.remedy = remedy
    }

    /// A fault about the value of an option.
    public init(
        _ status: ExitStatus, option: OptionName, found: String, expected: String = "", remedy: Remedy = "correct it"
    ) {
        self.status = status
        self.option = option
        name = option.name
        self.found = found
        self.expected = expected
        self.remedy = remedy
    }

    /// The wording of options and actions in this process, which a program may set once at its start.
    public static var dialect: any FaultDialect {
        get { sharedDialect.withLock { $0 } }
        set { sharedDialect.withLock { $0 = newValue } }
    }

    private static let sharedDialect = Mutex<any FaultDialect>(PlainDialect())

    public var description: String {
        var sentence = subject.isEmpty ? "" : "\(subject): "
        sentence += "found \(Self.shortened(found))"
        if !expected.isEmpty { sentence += ", expected \(expected)" }
        if !remedy.isEmpty { sentence += "; \(remedy)" }
        // What a file holds may be quoted in it. A sentence is one line, and holds nothing that a terminal obeys.
        let plain = (sentence + ".").unicodeScalars.map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: " " as Unicode.Scalar
            default: scalar
            }
        }
        return String(String.UnicodeScalarView(plain))
    }

    /// `text` with its middle left out where it is longer than people read: a file may call things by thousands of
    /// letters.
    private static func shortened(_ text: String) -> String {
        let limit = 400
        return text.count <= limit ? text : "\(text.prefix(limit - 60)) ... \(text.suffix(55))"
    }

    /// A damaged or unsuitable file.
    public static func badData(_ file: String, found: String, expected: String = "", remedy: Remedy = "") -> Fault {
        Fault(.badData, file, found: found, expected: expected, remedy: remedy)
    }

    /// A setting that cannot be used.
    public static func configuration(
        _ setting: String, found: String, expected: String = "", remedy: Remedy = ""
    ) -> Fault {
        Fault(.configuration, setting, found: found, expected: expected, remedy: remedy)
    }

    /// An option whose value cannot be used.
    public static func configuration(
        option: OptionName, found: String, expected: String = "", remedy: Remedy = "correct it"
    ) -> Fault {
        Fault(.configuration, option: option, found: found, expected: expected, remedy: remedy)
    }
}
