import Artifacts
import Foundation

/// A folder of the system's temporary ones, removed with the value.
struct Scratch: ~Copyable {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "fewshot-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    /// Writes `bytes` and returns their path.
    func write(_ bytes: [UInt8], _ name: String) throws -> String {
        try Data(bytes).write(to: folder.appending(path: name))
        return path(name)
    }

    var isEmpty: Bool { (try? FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty) ?? false }
}

/// The path of a file that `make_tensor_files.py` has written.
func fixture(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/tensors/\(name)").path
}

func bytes(of path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

/// Runs `body` and returns the fault it throws.
func fault(_ body: () throws(Fault) -> Void) -> Fault? {
    do throws(Fault) {
        try body()
        return nil
    } catch { return error }
}
