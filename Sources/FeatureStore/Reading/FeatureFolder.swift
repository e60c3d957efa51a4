public import Core

/// A folder of `train.h5`, `val.h5`, `test.h5`, and `text.h5`, any of which may be missing.
public struct FeatureFolder: Sendable {
    /// The folder as the user named it.
    public let path: String
    /// The existing kinds of files, in the order of ``FeatureFile.Kind``.
    public let parts: [FeatureFile.Kind]
    /// The number of values D per feature, equal in all files.
    public let width: Int
    /// The class names [C], equal in all files; the text file may have only some of them.
    public let classes: [String]
    /// The name of the encoder, if it was recorded.
    public let model: String?
    /// The identity of each file.
    public let digests: [FeatureFile.Kind: Digest]

    /// The folder's last path component.
    public var name: String { lastComponent(of: path) }
    /// The missing kinds of files.
    public var missing: [FeatureFile.Kind] { FeatureFile.Kind.allCases.filter { !parts.contains($0) } }

    /// Opens every file of the folder and checks that they agree.
    ///
    /// - Throws: `noInput` if there is no file, `badData` if two files differ in width, classes, or model.
    public init(path: String) throws(Fault) {
        guard try FileKind.found(at: path) == .folder else {
            throw Fault(
                .noInput, path, found: try FileKind.found(at: path) == .absent ? "no such file or directory" : "a file",
                expected: "a folder with train.h5, val.h5, test.h5, or text.h5", remedy: "check the path")
        }
        guard try FileKind.found(at: path.appending(path: Self.completeName)) == .absent else {
            throw Fault(
                .tryAgain, path, found: "an incomplete set of feature files", expected: "a finished build",
                remedy: "wait for the build, or run it again if it was stopped")
        }
        var parts: [FeatureFile.Kind] = []
        var digests: [FeatureFile.Kind: Digest] = [:]
        var first: Common?
        for part in FeatureFile.Kind.allCases {
            let filePath = path.appending(path: part.fileName)
            guard try FileKind.found(at: filePath) != .absent else { continue }
            let file = try FeatureFile(path: filePath)
            try file.require(part)
            let common = try Common(file)
            try first?.requireAgreement(with: common, isText: part == .text)
            first = first ?? common
            parts.append(part)
            digests[part] = file.digest
        }
        guard let first else { throw Self.absent(path, expected: "train.h5, val.h5, test.h5, or text.h5") }
        self.path = path
        self.parts = parts
        self.digests = digests
        width = first.width
        classes = first.classes
        model = first.model
    }

    /// Whether `path` is a folder with a feature file.
    public static func exists(at path: String) -> Bool {
        FeatureFile.Kind.allCases.contains { FileKind(at: path.appending(path: $0.fileName)) != .absent }
    }

    /// The fault of a folder without the files `expected`, which may contain feature folders.
    static func absent(_ path: String, expected: String) -> Fault {
        let names = (try? listFolder(path)) ?? []
        let folders = names.map { path.appending(path: $0) }.filter(exists)
        return Fault(
            .noInput, path, found: "no feature file", expected: expected,
            remedy: folders.isEmpty
                ? "\(action: .importFeatures)" : "name \(folders.prefix(3).joined(separator: " or ")) instead")
    }

    /// The name of the marker that exists while a build moves its complete files into the folder.
    package static let completeName = ".unfinished/complete.json"

    /// Returns the path of a file, whether or not it exists.
    public func path(of part: FeatureFile.Kind) -> String { path.appending(path: part.fileName) }

    /// Opens a file of the folder.
    ///
    /// - Throws: `noInput` if it is missing, `tryAgain` if it was replaced after the folder was opened.
    public func open(_ part: FeatureFile.Kind) throws(Fault) -> FeatureFile {
        let file = try FeatureFile(path: path(of: part))
        try requireUnchanged(part, file.digest)
        return file
    }

    /// Reads the text features.
    ///
    /// - Throws: `noInput` if they are missing, `tryAgain` if they were replaced after the folder was opened.
    public func text() throws(Fault) -> TextFeatures {
        let text = try TextFeatures(path: path(of: .text))
        try requireUnchanged(.text, text.digest)
        return text
    }

    private func requireUnchanged(_ part: FeatureFile.Kind, _ digest: Digest) throws(Fault) {
        guard digests[part] == digest else {
            throw Fault(
                .tryAgain, path(of: part), found: "features that changed while the folder was open",
                expected: "unchanged features",
                remedy: "wait until the folder is complete and run the same command again")
        }
    }
}

/// The properties that the files of a folder share.
private struct Common {
    let path: String
    let width: Int
    let classes: [String]
    let model: String?

    init(_ file: borrowing FeatureFile) throws(Fault) {
        path = file.path
        width = file.width
        classes = file.classes
        model = try file.provenance().settings["model"]
    }

    /// Checks that `other` agrees; a text file may have only some of the classes.
    func requireAgreement(with other: Common, isText: Bool) throws(Fault) {
        let hasSomeClasses =
            isText && other.classes.count < classes.count && Set(classes).isSuperset(of: other.classes)
        let difference: (mine: String, theirs: String)? =
            if width != other.width {
                ("width \(width)", "width \(other.width)")
            } else if let model, let theirs = other.model, model != theirs {
                ("the model '\(model)'", "the model '\(theirs)'")
            } else if hasSomeClasses {
                nil
            } else if classes.count != other.classes.count {
                ("\(classes.count) classes", "\(other.classes.count) classes")
            } else if let index = classes.indices.first(where: { classes[$0] != other.classes[$0] }) {
                ("'\(classes[index])' as class \(index)", "'\(other.classes[index])' as class \(index)")
            } else {
                nil
            }
        guard let difference else { return }
        throw .badData(
            other.path, found: difference.theirs, expected: "\(difference.mine) as in \(path)",
            remedy: "build both files from the same model and classes")
    }
}
