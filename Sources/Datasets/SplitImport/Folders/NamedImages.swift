internal import Core

/// The classes of images whose file names begin with the class, such as `cat.12.jpg` and `Abyssinian_001.jpg`.
enum NamedImages {
    /// The class in the file name at the end of `path`: all before the number at its end; nil without either.
    static func className(of path: String) -> String? {
        let name = lastComponent(of: path)
        var stem = Substring(name)
        while let dot = stem.lastIndex(of: "."), stem[dot...].dropFirst().contains(where: \.isLetter) {
            stem = stem[..<dot]
        }
        let number = stem.reversed().drop { ")]} ".contains($0) }
        let digits = number.prefix(while: \.isNumber)
        let word = String(number.dropFirst(digits.count).reversed())
        let end = word.lastIndex { !"._- ([{".contains($0) }
        guard !digits.isEmpty, let end else { return nil }
        return String(word[...end])
    }

    /// Whether all `paths` have a class in their names, and each of two or more classes has several images.
    static func areNamed(_ paths: [String]) -> Bool {
        let names = paths.compactMap(className)
        let counts = Dictionary(grouping: names) { $0 }.values.map(\.count)
        return names.count == paths.count && counts.count > 1 && counts.allSatisfy { $0 > 1 }
    }
}
