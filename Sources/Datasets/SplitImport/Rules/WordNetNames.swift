internal import Catalog
internal import Core

/// ImageNet's class names by WordNet number, from `classnames.txt`.
struct WordNetNames {
    /// The file name, in the data set's folder or, for ImageNet's shifts, in ImageNet's folder.
    static let fileName = "classnames.txt"

    let path: String
    private let names: [String: String]
    /// The labels in ImageNet: the positions among the sorted numbers.
    let labels: [String: Int]
    /// The numbers in label order.
    let numbers: [String]

    /// Reads the copy in the data set's folder, or else the one in ImageNet's.
    init(_ data: inout RawData) throws(Fault) {
        let shared = Self.sharedPath(beside: data.folder)
        let own = data.path(Self.fileName)
        if FileKind(at: own) == .absent, FileKind(at: shared) != .absent {
            path = shared
            data.note("\(own) is missing: used \(shared)")
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
                    expected: "a unique WordNet number and a name, such as 'n01440764 tench'",
                    remedy: "download the file from \(Download.classNames.address)")
            }
        }
        self.names = names
        numbers = names.keys.sorted { $0.precedes($1) }
        labels = Dictionary(uniqueKeysWithValues: zip(numbers, numbers.indices))
    }

    /// The copy in ImageNet's folder, beside the data set in `folder`.
    static func sharedPath(beside folder: String) -> String { "\(parentFolder(of: folder))/imagenet/\(fileName)" }

    /// The name of the class with the WordNet number `number`, which is a folder of `parent`.
    func name(_ number: String, in parent: String) throws(Fault) -> String {
        guard let name = names[number] else {
            throw .badData(
                parent, found: "the folder '\(number)'", expected: "a number listed in \(path)",
                remedy: "remove folders that are not classes")
        }
        return name
    }
}
