import Core
import TestSupport
import Testing

/// Returns the path of a file written by `make_tensor_files.py`.
func fixture(_ name: String) -> String { TestSupport.fixture("tensors/\(name)") }

/// Expects that `read` refuses a file of `bytes` with a fault that names the file and contains `found`.
func expectRejection(
    of name: String, _ bytes: [UInt8], _ found: String, by read: (String) throws(Fault) -> Void
) throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(bytes, "x")
    let fault = fault { () throws(Fault) in try read(path) }
    #expect(fault?.status == .badData && fault?.subject == path, "\(name)")
    #expect(fault?.found.contains(found) == true, "\(name): \(fault?.description ?? "accepted")")
}

/// The pickle instruction for a text.
func text(_ text: String) -> [UInt8] { [0x58, UInt8(text.utf8.count), 0, 0, 0] + Array(text.utf8) }

/// The pickle instruction for a global.
func global(_ module: String, _ name: String) -> [UInt8] { [0x63] + Array("\(module)\n\(name)\n".utf8) }
