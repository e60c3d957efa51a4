/// A tar archive in the POSIX format: one header of 512 bytes per file, and content in whole blocks.
public func storedTar(_ members: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var archive: [UInt8] = []
    for (name, bytes) in members {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at place: Int) { for (k, byte) in text.utf8.enumerated() { header[place + k] = byte } }
        let size = String(bytes.count, radix: 8)
        put(name, at: 0)
        put("0000644\u{0}0000000\u{0}0000000\u{0}", at: 100)
        put(String(repeating: "0", count: 11 - size.count) + size, at: 124)
        put("00000000000", at: 136)
        put("        0", at: 148)
        put("ustar\u{0}00", at: 257)
        let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        put(String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} ", at: 148)
        archive += header + bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
    }
    return archive + [UInt8](repeating: 0, count: 1024)
}
