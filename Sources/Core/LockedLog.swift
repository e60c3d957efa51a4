/// A text file to which several processes append whole lines.
public enum LockedLog {
    /// Appends `line` and a newline under an exclusive lock, unless `isPresent` accepts one of the existing lines.
    public static func append(
        _ line: String, to path: String, unless isPresent: (Substring) -> Bool = { _ in false }
    ) throws(Fault) {
        try makeFolder(parentFolder(of: path))
        let file = try OpenFile(creating: path)
        try file.lock()
        let end = try file.byteCount()
        let present = String(decoding: try file.read(end, at: 0), as: UTF8.self)
        if present.split(separator: "\n").contains(where: isPresent) { return }
        // Half a line of a killed writer stays alone on its line.
        let text = present.isEmpty || present.hasSuffix("\n") ? line + "\n" : "\n" + line + "\n"
        do throws(Fault) { unsafe try file.write(Array(text.utf8).span.bytes, at: end) } catch {
            try? file.resize(end)
            throw error
        }
    }
}
