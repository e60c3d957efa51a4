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
    /// The exit status of a tool that fails with this fault.
    public let status: ExitStatus
    /// The file, setting or option concerned, as the user named it.
    public var subject: String { option?.description ?? name }
    /// The option concerned; nil for another subject.
    public private(set) var option: OptionName?
    private var name: String
    /// The value or state that cannot be used.
    public let found: String
    /// The values or states that can be used; empty if there is no more to say.
    public let expected: String
    /// The advice to the user; empty if there is none.
    public private(set) var remedy: Remedy
    /// The kind of the failed system call; nil for any other fault.
    package internal(set) var failure: FileFailure?

    /// A fault that reads `subject: found FOUND, expected EXPECTED; REMEDY.` without its empty pieces.
    public init(_ status: ExitStatus, _ subject: String, found: String, expected: String = "", remedy: Remedy = "") {
        self.status = status
        name = subject
        self.found = found
        self.expected = expected
        self.remedy = remedy
    }

    /// A fault about the value of an option.
    public init(
        _ status: ExitStatus, option: OptionName, found: String, expected: String = "", remedy: Remedy = "correct it"
    ) {
        self.init(status, option.name, found: found, expected: expected, remedy: remedy)
        self.option = option
    }

    /// Returns the same fault about another subject, or with another remedy.
    package func with(subject: String? = nil, remedy: Remedy? = nil) -> Fault {
        var fault = self
        fault.option = nil
        fault.name = subject ?? self.subject
        fault.remedy = remedy ?? self.remedy
        return fault
    }

    /// The wording of options and actions in this process, which a program may set once at its start.
    public static var dialect: any FaultDialect {
        get { sharedDialect.withLock { $0 } }
        set { sharedDialect.withLock { $0 = newValue } }
    }

    private static let sharedDialect = Mutex<any FaultDialect>(PlainDialect())

    /// The fault as one sentence.
    public var description: String {
        var sentence = subject.isEmpty ? "" : "\(subject): "
        sentence += "found \(Self.shortened(found))"
        if !expected.isEmpty { sentence += ", expected \(expected)" }
        if !remedy.isEmpty { sentence += "; \(remedy)" }
        // The sentence may quote a file. It must be one line without control characters.
        let plain = (sentence + ".").unicodeScalars.map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: " " as Unicode.Scalar
            default: scalar
            }
        }
        return String(String.UnicodeScalarView(plain))
    }

    /// Returns `text` without its middle if it is too long to read.
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
