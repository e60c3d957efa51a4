internal import Catalog
internal import Core

/// ImageNet's class names by WordNet number, from `classnames.txt`.
struct WordNetNames {
    /// The file's name, in the data set's folder; shifts may leave it in ImageNet's.
    static let fileName = "classnames.txt"

    let path: String
    private let names: [String: String]
    /// A class's label in ImageNet: the place of its number among all of them, sorted.
    let labels: [String: Int]
    /// The numbers by label.
    let numbers: [String]

    /// Reads the data set's own copy, or else ImageNet's.
    init(_ data: inout RawData) throws(Fault) {
        let shared = Self.sharedPath(beside: data.folder)
        let own = data.path(Self.fileName)
        if FileKind(at: own) == .absent, FileKind(at: shared) != .absent {
            path = shared
            data.note("\(own) is not there: took ImageNet's, \(shared)")
        } else {
            path = own
        }
        var names: [String: String] = [:]
        for line in try data.lines(at: path) {
            let words = line.words
            guard words.count > 1,
                names.updateValue(words.dropFirst().joined(separator: " "), forKey: String(words[0])) == nil
            else {
                throw .badData(
                    path, found: "'\(line.text.prefix(200))' on line \(line.number)",
                    expected: "a WordNet number, once, and a name, as 'n01440764 tench'",
                    remedy: "get the file from \(Download.classNames.address)")
            }
        }
        self.names = names
        numbers = names.keys.sorted { $0.precedes($1) }
        labels = Dictionary(uniqueKeysWithValues: zip(numbers, numbers.indices))
    }

    /// ImageNet's own copy, for a data set in `folder`.
    static func sharedPath(beside folder: String) -> String { "\(parentFolder(of: folder))/imagenet/\(fileName)" }

    /// The name of the class with the WordNet number `number`, which is a folder of `place`.
    func name(_ number: String, in place: String) throws(Fault) -> String {
        guard let name = names[number] else {
            throw .badData(
                place, found: "the folder '\(number)'", expected: "a number of \(path)",
                remedy: "move what is no class elsewhere")
        }
        return name
    }
}
