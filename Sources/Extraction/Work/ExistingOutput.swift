internal import Core
internal import FeatureStore
internal import Splits

/// The existing files of a build's output.
struct ExistingOutput {
    /// The state of the file at the path of a feature file.
    private enum State {
        case absent
        /// Made with the same settings.
        case same
        /// Made with other views, prompts or samples only, so that its rows need not be encoded again.
        case extendable
        /// Made with other items or classes, or to be replaced: the same images and texts are not encoded again.
        case outdated
    }

    private var states: [FeatureFile.Kind: State] = [:]
    /// The provenances of the missing files, by kind.
    private(set) var missing: [String: Provenance] = [:]

    /// The changes of the items and classes; nil if there is none, or if the existing items cannot be read.
    private(set) var changes: SplitChanges?

    /// The fields in which an extendable text file may differ.
    private static let textFields: Set = ["prompts", "dataset"]

    /// Compares all existing files with the build.
    ///
    /// - Throws: `cannotCreate` naming the first difference, if a file may be neither extended nor replaced.
    init(_ resolved: ResolvedBuild) throws(Fault) {
        let wanted = resolved.provenances
        for kind in FeatureFile.Kind.allCases {
            guard let provenance = wanted[kind.rawValue] else { continue }
            let state = try Self.state(kind, provenance, resolved)
            states[kind] = state
            if state != .same { missing[kind.rawValue] = provenance }
        }
        if Subset.allCases.contains(where: { states[.init($0)] == .outdated }) {
            changes = try SplitChanges(from: resolved.build.output, to: resolved)
        }
    }

    var isComplete: Bool { missing.isEmpty }
    var missingNames: [String] { FeatureFile.Kind.allCases.filter { missing[$0.rawValue] != nil }.map(\.fileName) }

    func has(_ kind: FeatureFile.Kind) -> Bool { states[kind] == .same }
    func isExtendable(_ kind: FeatureFile.Kind) -> Bool { states[kind] == .extendable }
    func isOutdated(_ kind: FeatureFile.Kind) -> Bool { states[kind] == .outdated }

    /// The word for what a build does with a file.
    func outcome(_ kind: FeatureFile.Kind) -> String {
        switch states[kind] {
        case .same: "reused"
        case .extendable: "extended"
        case .outdated: "updated"
        case .absent, nil: "made"
        }
    }

    private static func state(
        _ kind: FeatureFile.Kind, _ wanted: Provenance, _ resolved: ResolvedBuild
    ) throws(Fault) -> State {
        let build = resolved.build
        let path = build.path(of: kind)
        guard try FileKind.found(at: path) != .absent else { return .absent }
        let found: Provenance
        do throws(Fault) {
            let file = try FeatureFile(path: path)
            try file.require(kind)
            found = try file.provenance()
        } catch {
            // After a failure of the disk, the file may still be intact.
            guard error.status == .badData else { throw error }
            if build.replaces { return .absent }
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
            guard build.replaces else { return .same }
            return try Verification(of: path, images: resolved.imageFolder).isSound ? .same : .outdated
        }
        let fields = Set(differences.map(\.field))
        if build.replaces {
            let reusable = kind == .text ? textFields : ReusableRows.freeFields.union(ReusableRows.viewFields)
            return fields.isSubset(of: reusable) ? .outdated : .absent
        }
        // Other seeds or crops give other views, unless there are none.
        let hasViews = found.settings["views", default: "0"] != "0"
        let imageFields = ReusableRows.freeFields.union(hasViews ? [] : ReusableRows.viewFields)
        let isExtendable = fields.isSubset(of: kind == .text ? textFields : imageFields)
        let isOfOtherItems = isExtendable && fields.contains("split")
        guard build.extends, isExtendable else {
            throw isOfOtherItems
                ? try otherItems(path, resolved) : otherSettings(path, first, isExtendable: isExtendable)
        }
        return isOfOtherItems ? .outdated : .extendable
    }

    private static func otherSettings(
        _ path: String, _ difference: Provenance.Difference, isExtendable: Bool
    ) -> Fault {
        Fault(
            .cannotCreate, path, found: "features made with \(difference.field) '\(difference.found)'",
            expected: "the requested '\(difference.expected)'",
            remedy: (isExtendable ? "add what is missing with \(option: "extend"), " : "")
                + "choose another output, or make it anew with \(option: "replace")")
    }

    /// The fault of features whose items or classes are not those of the split.
    private static func otherItems(_ path: String, _ resolved: ResolvedBuild) throws(Fault) -> Fault {
        let changes = try SplitChanges(from: resolved.build.output, to: resolved)?.summary ?? ""
        return Fault(
            .cannotCreate, path,
            found: "features of another split" + (changes.isEmpty ? "" : ": now \(changes)"),
            expected: "those of \(resolved.split.input.name)",
            remedy: "update them with \(option: "extend"), which encodes new images only, or choose another output")
    }
}

extension UnfinishedFeatures {
    /// Copies the views of items that an earlier build encoded.
    mutating func take(from path: String, for subset: ResolvedSubset) throws(Fault) {
        let file = try FeatureFile(path: path)
        guard let sums = try file.imageChecksums() else { return }
        let rowBytes = file.width * file.type.width
        var places: [String: Int] = [:]
        for item in subset.items.indices { places[subset.id(item)] = item }
        let ids = try file.ids()
        let storedViews = file.views
        try file.forEachPiece { items, bytes throws(Fault) in
            for index in items {
                guard let item = places[ids[index]], !hasRow(subset.row(item)) else { continue }
                var rows: [UInt8] = []
                for view in 0 ..< min(storedViews, subset.views) {
                    let start = ((index - items.lowerBound) * storedViews + view) * rowBytes
                    unsafe bytes.extracting(start ..< start + rowBytes).withUnsafeBytes { unsafe rows += $0 }
                    rows += ImageRow.bytes(of: sums[index])
                }
                unsafe try put(rows.span.bytes, at: subset.row(item))
            }
        }
    }

    /// Copies the prompts that an earlier build encoded, if it had the same encoder.
    mutating func take(from path: String, for text: ResolvedText) throws(Fault) {
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
