internal import Command
internal import Core
internal import Splits

/// The images to predict: their paths, their names in the output, and their labels if a split has them.
struct ImageInputs {
    private var files: [String] = []
    private var items: ItemList?
    private var classes: [String] = []
    private var root = ""

    /// Collects image files, the images below folders, and the paths in lists.
    ///
    /// - Throws: `noInput` for a missing list or if there is no image at all.
    init(_ inputs: [String], lists: [String]) throws(Fault) {
        for input in inputs { try add(input) }
        for list in lists { files += try Self.lines(of: list) }
        guard !files.isEmpty else {
            throw Fault(
                .noInput, (inputs + lists).joined(separator: ", "), found: "no images", expected: "at least one",
                remedy: "name image files, folders of images, or lists of their paths")
        }
    }

    /// Takes the images of a subset of a split below the data root `root`.
    ///
    /// - Throws: `noInput` if the subset is empty.
    init(split path: String, subset: Subset, root: String) throws(Fault) {
        let split = try SplitFile(path: path).split
        guard !split[subset].isEmpty else {
            throw Fault(
                .noInput, path, found: "no items in the \(subset.rawValue) subset", expected: "at least one",
                remedy: "name another \(option: "subset")")
        }
        items = split[subset]
        classes = split.classes
        self.root = split.root == "." ? root : root.appending(path: split.root)
    }

    var count: Int { items?.count ?? files.count }
    var hasLabels: Bool { items != nil }

    /// The name of an image in the output: its path as it was given, or in the split.
    func name(_ index: Int) -> String { items?[index].path ?? files[index] }

    /// The name of an image's class; nil if it is unknown.
    func label(_ index: Int) -> String? { items.map { classes[$0[index].label] } }

    /// The paths of some images.
    func paths(_ block: Range<Int>) -> [String] {
        block.map { index in items.map { root.appending(path: $0[index].path) } ?? files[index] }
    }

    private mutating func add(_ input: String) throws(Fault) {
        if input == "-" {
            while let line = readLine() { if !line.isEmpty { files.append(line) } }
        } else if try FileKind.found(at: input) == .folder {
            let found = try ImageListing(below: input)
            if let first = found.others.first {
                let more = found.others.count > 1 ? " and \(found.others.count - 1) more" : ""
                printMessage("note: left out, not an image by name or content: \(first)\(more)")
            }
            files += found.images
        } else if [".txt", ".lst", ".list"].contains(where: input.lowercased().hasSuffix) {
            files += try Self.lines(of: input)
        } else {
            files.append(input)
        }
    }

    /// The lines of a list, without empty ones.
    private static func lines(of path: String) throws(Fault) -> [String] {
        guard let text = String(validating: try fileBytes(path), as: UTF8.self), !text.contains("\0") else {
            throw .badData(path, found: "bytes that are not UTF-8 text", expected: "one path per line")
        }
        return text.split(whereSeparator: \.isNewline).map(String.init)
    }
}
