internal import Artifacts

/// Which of an archive's items are in it, told by its members' names: their content is not looked at.
struct ArchiveLook: Sendable {
    /// Numbers of the items that are no members.
    private(set) var absent: [Int] = []
    /// Numbers of items that are members without content, or in an archive that cannot be read, and why.
    private(set) var faulty: [(number: Int, found: String)] = []

    /// Lists the archive at `path`.
    ///
    /// - Parameters:
    ///   - path: the archive's file.
    ///   - names: the items' names as members, with the items' numbers.
    init(at path: String, _ names: [ArraySlice<UInt8>: [Int]]) {
        var sizes: [ArraySlice<UInt8>: Int] = [:]
        var damage: String?
        do throws(Fault) {
            let archive = try TarReader(path: path)
            while let member = try archive.next() {
                var name = Array(member.name.utf8)[...]
                while name.starts(with: [UInt8(ascii: "."), UInt8(ascii: "/")]) { name = name.dropFirst(2) }
                if member.kind == .file, names[name] != nil { sizes[name] = member.size }
            }
        } catch { damage = error.found }
        for (name, numbers) in names {
            switch (sizes[name], damage) {
            case (0?, _): faulty += numbers.map { ($0, "an empty file") }
            case (.some, _): break
            case (nil, let damage?): faulty += numbers.map { ($0, damage) }
            case (nil, nil): absent += numbers
            }
        }
        absent.sort()
        faulty.sort { $0.number < $1.number }
    }
}
