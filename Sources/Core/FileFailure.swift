internal import Glibc
internal import SystemPackage

/// An operation on a file or folder, in the words of an error message.
package enum FileOperation: String, Sendable {
    case open = "open for reading"
    case inspect = "look at"
    case makeFolder = "make a folder"
    case list, map, read, write, create, append, resize, reserve, sync, rename, lock
}

/// The kinds of failed system calls, each with an exit status and a remedy of its own.
package enum FileFailure: Sendable {
    case absent
    /// The file system accepts no such name: it is too long, or its links form a loop.
    case unusableName
    /// The user lacks permission, or the file system is read-only.
    case denied
    case fullDisk
    /// A limit of the process or the machine: open files, file size, memory.
    case limit
    case folder
    case exists
    case busy
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
        var fault = failure.fault(operation, path, reason: error.description)
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
}

extension FileFailure {
    /// The fault of `operation` on `path`: the failure of an input or of an output.
    fileprivate func fault(_ operation: FileOperation, _ path: String, reason: String) -> Fault {
        let isInput = [.open, .inspect, .list, .map, .read].contains(operation)
        func fault(_ status: ExitStatus, _ found: String, _ expected: String, _ remedy: Remedy) -> Fault {
            Fault(status, path, found: found, expected: expected, remedy: remedy)
        }
        return switch self {
        case .absent: fault(.noInput, "no such file or directory", "a file or folder", "check the path")
        case .unusableName:
            fault(
                isInput ? .noInput : .cannotCreate, "a name that the file system does not accept (\(reason))",
                "a file or folder", "correct the name, or the file that contains it")
        case .denied:
            fault(
                isInput ? .noInput : .cannotCreate, "no permission (\(reason))", "access for '\(operation.rawValue)'",
                "check the owner and mode, or choose another folder")
        case .fullDisk:
            fault(
                .inputOutput, "a full disk (\(reason))", "room to write",
                "free some space and run the same command again; existing files are unchanged")
        case .limit:
            fault(
                .inputOutput, "a limit of this process or machine (\(reason)) from '\(operation.rawValue)'", "",
                "raise it (see 'ulimit -a') and run the same command again")
        case .folder: fault(isInput ? .badData : .cannotCreate, "a folder", "a file", "name a file")
        case .exists: fault(.cannotCreate, "an existing file or folder", "none", "choose another output")
        case .busy:
            fault(
                .tryAgain, "a file that another process has locked", "a free one",
                "wait for that process, and try again")
        case .unsupported where operation == .lock:
            fault(
                .inputOutput, "a file system without locks", "one with locks",
                "mount it with locks (Lustre: -o flock), or work on another one")
        case .unsupported, .device:
            fault(.inputOutput, "\(reason) from '\(operation.rawValue)'", "", "check the disk and try again")
        }
    }
}
