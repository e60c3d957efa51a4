internal import Glibc
internal import SystemPackage

/// An operation on a file or folder, in the words of an error message.
package enum FileOperation: String, Sendable {
    case open = "open for reading"
    case inspect = "look at"
    case list
    case map
    case read
    case write
    case create
    case append
    case resize
    case reserve
    case sync
    case rename
    case makeFolder = "make a folder"
    case lock

    /// Whether the operation only reads.
    var isInput: Bool { [.open, .inspect, .list, .map, .read].contains(self) }
}

/// The kinds of failed system calls, each with an exit status and a remedy of its own.
package enum FileFailure: Sendable {
    /// Nothing exists at the path.
    case absent
    /// The file system accepts no such name: it is too long, or its links form a loop.
    case unusableName
    /// The user lacks permission, or the file system is read-only.
    case denied
    case fullDisk
    /// A limit of the process or the machine: open files, file size, memory.
    case limit
    /// A folder exists where a file is expected.
    case folder
    /// The path of a new file exists.
    case exists
    /// Another process holds the lock.
    case busy
    /// The file system lacks the operation.
    case unsupported
    /// The device failed, or the reason is unknown.
    case device

    init(_ error: Errno) {
        switch error {
        case .noSuchFileOrDirectory, .notDirectory: self = .absent
        case .fileNameTooLong, .tooManySymbolicLinkLevels, .illegalByteSequence: self = .unusableName
        case .permissionDenied, .notPermitted, .readOnlyFileSystem: self = .denied
        case .noSpace, .diskQuotaExceeded: self = .fullDisk
        case .tooManyOpenFiles, .tooManyOpenFilesInSystem, .fileTooLarge, .noMemory: self = .limit
        case .isDirectory: self = .folder
        case .fileExists: self = .exists
        case .resourceTemporarilyUnavailable: self = .busy
        case .noFunction, .noLocks, .notSupportedOnSocket: self = .unsupported
        default: self = .device
        }
    }
}

extension Fault {
    /// The fault of a failed `operation` on `path`, with the value of `errno` in `code`.
    package static func system(_ operation: FileOperation, _ path: String, code: Int32 = errno) -> Fault {
        let error = Errno(rawValue: code)
        let failure = FileFailure(error)
        let words = failure.words(operation, reason: error.description)
        var fault = Fault(
            failure.status(operation), path, found: words.found, expected: words.expected, remedy: words.remedy)
        fault.failure = failure
        return fault
    }

    /// Whether the content of a file is damaged or missing; otherwise the content is unknown, and may be sound.
    package var isAboutContent: Bool {
        switch status {
        case .badData: true
        case .noInput: failure == nil || failure == .absent || failure == .unusableName
        default: false
        }
    }

    /// The same fault of another file, or with another remedy.
    package func with(subject: String? = nil, remedy: Remedy? = nil) -> Fault {
        var fault = Fault(
            status, subject ?? self.subject, found: found, expected: expected, remedy: remedy ?? self.remedy)
        fault.failure = failure
        return fault
    }
}

extension FileFailure {
    /// The exit status: a failure of an input is the input's, and one of an output the output's.
    fileprivate func status(_ operation: FileOperation) -> ExitStatus {
        switch self {
        case .absent: .noInput
        case .unusableName, .denied: operation.isInput ? .noInput : .cannotCreate
        case .folder: operation.isInput ? .badData : .cannotCreate
        case .exists: .cannotCreate
        case .busy: .tryAgain
        case .fullDisk, .limit, .unsupported, .device: .inputOutput
        }
    }

    fileprivate func words(
        _ operation: FileOperation, reason: String
    ) -> (found: String, expected: String, remedy: Remedy) {
        switch self {
        case .absent:
            ("no such file or directory", "a file or folder", "check the path")
        case .unusableName:
            (
                "a name that the file system does not accept (\(reason))", "a file or folder",
                "correct the name, or the file that contains it"
            )
        case .denied:
            (
                "no permission (\(reason))", "access for '\(operation.rawValue)'",
                "check the owner and mode, or choose another folder"
            )
        case .fullDisk:
            (
                "a full disk (\(reason))", "room to write",
                "free some space and run the same command again; existing files are unchanged"
            )
        case .limit:
            (
                "a limit of this process or machine (\(reason)) from '\(operation.rawValue)'", "",
                "raise it (see 'ulimit -a') and run the same command again"
            )
        case .folder:
            ("a folder", "a file", "name a file")
        case .exists:
            ("an existing file or folder", "none", "choose another output")
        case .busy:
            ("a file that another process has locked", "a free one", "wait for that process, and try again")
        case .unsupported where operation == .lock:
            (
                "a file system without locks", "one with locks",
                "mount it with locks (Lustre: -o flock), or work on another one"
            )
        case .unsupported, .device:
            ("\(reason) from '\(operation.rawValue)'", "", "check the disk and try again")
        }
    }
}
