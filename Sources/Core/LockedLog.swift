/// A text file to which several processes append whole lines.
public enum LockedLog {
    /// Appends `line` and a newline under an exclusive lock, unless `isPresent` accepts one of the existing lines.
    ///
    /// Lines that `isReplaced` accepts are removed; the file is then replaced in one step.
    public static func append(
        _ line: String, to path: String, unless isPresent: (Substring) -> Bool = { _ in false },
        replacing isReplaced: (Substring) -> Bool = { _ in false }
    ) throws(Fault) {
        try makeFolder(parentFolder(of: path))
        let file = try locked(path)
        let end = try file.byteCount()
        let present = String(decoding: try file.read(end, at: 0), as: UTF8.self)
        let lines = present.split(separator: "\n")
        if lines.contains(where: isPresent) { return }
        let kept = lines.filter { !isReplaced($0) }
        guard kept.count == lines.count else {
            return try PublishedFile.publish((kept + [line[...]]).map { "\($0)\n" }.joined(), to: path)
        }
        // Half a line of a killed writer stays alone on its line.
        let text = present.isEmpty || present.hasSuffix("\n") ? line + "\n" : "\n" + line + "\n"
        do throws(Fault) { unsafe try file.write(Array(text.utf8).span.bytes, at: end) } catch {
            try? file.resize(end)
            throw error
        }
    }

    /// Opens and locks the file that `path` names then.
    private static func locked(_ path: String) throws(Fault) -> OpenFile {
        while true {
            let file = try OpenFile(creating: path)
            try file.lock()
            // The previous owner may have replaced the file.
            if try file.isNamed() { return file }
        }
    }
}
