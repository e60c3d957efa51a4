internal import Core
internal import FeatureStore

/// The state of an existing file at the path of a requested feature file.
enum ExistingFeatures {
    case absent
    /// Made with the same settings.
    case same
    /// Made with other views, prompts or samples only, so that its rows need not be encoded again.
    case extendable

    /// The fields in which an extendable file may differ.
    private static let imageFields: Set = ["views", "view seed", "augmentation", "shots", "seeds", "scheme", "skipped"]
    private static let textFields: Set = ["prompts"]

    /// Compares the file at `path` with the requested provenance; `images` is the folder of the items' images.
    ///
    /// - Throws: `cannotCreate` naming the first difference, if the file may be neither extended nor replaced.
    init(
        at path: String, _ part: FeatureFile.Kind, _ wanted: Provenance, _ build: FeatureBuild, images: String
    ) throws(Fault) {
        self = .absent
        guard try FileKind.found(at: path) != .absent else { return }
        let found: Provenance
        do throws(Fault) {
            let file = try FeatureFile(path: path)
            try file.require(part)
            found = try file.provenance()
        } catch {
            // After a failure of the disk, the file may still be intact.
            guard error.status == .badData else { throw error }
            if build.replaces { return }
            throw Fault(
                .cannotCreate, path, found: error.found, expected: "features of the same build",
                remedy: "choose another output, or make it anew with \(option: "replace")")
        }
        var differences = found.differences(from: wanted)
        if let skipped = found.settings["skipped"].flatMap({ Int($0) }), skipped <= build.maximumSkipped {
            differences.removeAll { $0.field == "skipped" }
        }
        guard let first = differences.first else {
            // With replacement the bytes are verified: the record alone may describe a damaged file.
            if build.replaces, try !Verification(of: path, images: images).isSound { return }
            self = .same
            return
        }
        if build.replaces { return }
        let fields = part == .text ? Self.textFields : Self.imageFields
        // Other seeds or crops give other views, unless there are none.
        let hadViews = found.settings["views"].map { $0 != "0" } ?? false
        let isExtendable = differences.allSatisfy { difference in
            fields.contains(difference.field)
                && !(hadViews && ["view seed", "augmentation"].contains(difference.field))
        }
        guard build.extends, isExtendable else {
            throw Fault(
                .cannotCreate, path, found: "features made with \(first.field) '\(first.found)'",
                expected: "the requested '\(first.expected)'",
                remedy: (isExtendable ? "add what is missing with \(option: "extend"), " : "")
                    + "choose another output, or make it anew with \(option: "replace")")
        }
        self = .extendable
    }
}

extension UnfinishedFeatures {
    /// Copies the views of items that an earlier build encoded.
    mutating func take(from path: String, for part: PlannedPart) throws(Fault) {
        let file = try FeatureFile(path: path)
        guard let sums = try file.imageChecksums() else { return }
        let rowBytes = file.width * file.type.width
        var places: [String: Int] = [:]
        for item in part.items.indices { places[part.id(item)] = item }
        let ids = try file.ids()
        let views = min(file.views, part.views)
        let storedViews = file.views
        try file.forEachPiece { items, bytes throws(Fault) in
            for index in items {
                guard let item = places[ids[index]], !hasRow(part.row(item)) else { continue }
                var rows: [UInt8] = []
                for view in 0 ..< views {
                    let start = ((index - items.lowerBound) * storedViews + view) * rowBytes
                    rows += bytes.extracting(start ..< start + rowBytes).array
                    rows += ImageRow.bytes(of: sums[index])
                }
                unsafe try put(rows.span.bytes, at: part.row(item))
            }
        }
    }

    /// Copies the prompts that an earlier build encoded.
    mutating func take(from path: String, for text: PlannedText) throws(Fault) {
        let file = try FeatureFile(path: path)
        let known = try TextFeatures(path: path).prompts.flatMap(\.self)
        let rowBytes = file.width * file.type.width
        var places: [String: Int] = [:]
        for (place, text) in text.texts.enumerated() { places[text] = place }
        let views = file.views
        try file.forEachPiece { classes, bytes throws(Fault) in
            for row in classes.lowerBound * views ..< classes.upperBound * views {
                guard let place = places[known[row]], !hasRow(place) else { continue }
                let start = (row - classes.lowerBound * views) * rowBytes
                try put(bytes.extracting(start ..< start + rowBytes), at: place)
            }
        }
    }
}

extension RawSpan {
    /// A copy of the bytes.
    fileprivate var array: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }
}
