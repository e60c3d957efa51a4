internal import Core
internal import Foundation
internal import Glibc
internal import Synchronization

/// A folder in memory for the inputs of parsers that open files.
struct Scratch: Sendable {
    /// The folder `FEWSHOT_FUZZ_FOLDER`, which the caller of this process removes.
    let path = unsafe getenv("FEWSHOT_FUZZ_FOLDER").map { unsafe String(cString: $0) } ?? "/dev/shm/fewshot-fuzz"

    init() { makeFolder("") }

    /// The path of `name` in the folder.
    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes `bytes` to a file, replacing it, and returns its path.
    @discardableResult
    func write(_ bytes: [UInt8], _ name: String) -> String {
        let place = file(name)
        let descriptor = unsafe open(place, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { fail("\(place) cannot be made") }
        defer { close(descriptor) }
        let written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        precondition(written == bytes.count, "\(place) has no room")
        return place
    }

    @discardableResult
    func write(_ text: String, _ name: String) -> String { write(Array(text.utf8), name) }

    func makeFolder(_ name: String) {
        try? FileManager.default.createDirectory(atPath: file(name), withIntermediateDirectories: true)
    }

    func remove(_ name: String) { try? FileManager.default.removeItem(atPath: file(name)) }

    /// The bytes of a file; empty if it does not exist.
    func bytes(_ name: String) -> [UInt8] { Array(FileManager.default.contents(atPath: file(name)) ?? Data()) }
}

/// Ends the process with a message, which libFuzzer takes for a crash on the present input.
func fail(_ message: String) -> Never {
    writeAll(Array("\(message)\n".utf8), to: STDERR_FILENO)
    abort()
}

/// A file or folder of the checkout.
func checkout(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: name).path
}

/// The bytes of a file of the checkout.
func checkoutBytes(_ name: String) -> [UInt8] {
    guard let bytes = FileManager.default.contents(atPath: checkout(name)) else {
        fail("\(name) is not in the checkout")
    }
    return Array(bytes)
}

/// A value that is made from files on first use.
final class Made<Value: Sendable>: Sendable {
    private let make: @Sendable (Scratch) throws(Fault) -> Value
    private let value = Mutex<Value?>(nil)

    init(_ make: @escaping @Sendable (Scratch) throws(Fault) -> Value) { self.make = make }

    func value(in scratch: Scratch) throws(Fault) -> Value {
        if let value = value.withLock({ $0 }) { return value }
        let made = try make(scratch)
        value.withLock { $0 = made }
        return made
    }
}
