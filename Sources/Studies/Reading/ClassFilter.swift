internal import Adapter
public import Core
internal import FeatureStore
public import Splits

/// Which of a feature folder's classes a study is about.
public enum ClassFilter: Sendable, Equatable {
    case all
    /// Those that have text features.
    case withText
    case selection(ClassSelection)

    /// What a user writes: `text`, `base`, `new`, a file of names, or names with commas between them.
    ///
    /// - Throws: `badData` where a list cannot be read, `configuration` where no name is given.
    public init(_ text: String) throws(Fault) {
        self = text == "text" ? .withText : .selection(try ClassSelection(text))
    }

    /// What results call it.
    var name: String? {
        switch self {
        case .all: nil
        case .withText: "text"
        case .selection(.base): "base"
        case .selection(.new): "new"
        case .selection(.names(let names)): "\(names.count) names"
        }
    }

    /// What a user writes for it; nil for all.
    var words: [String]? {
        if case .selection(.names(let names)) = self { return names }
        return name.map { [$0] }
    }

    /// The places of the chosen classes, ascending; nil for all of them.
    func labels(among folder: FeatureFolder, text: TextFeatures?) throws(Fault) -> [Int]? {
        let classes = folder.classes
        switch self {
        case .all: return nil
        case .withText:
            guard let text else {
                throw Fault(
                    .noInput, folder.path(of: .text), found: "no text features", expected: "some for --classes text",
                    remedy: "import with --text")
            }
            let named = Set(text.classes)
            return classes.indices.filter { named.contains(classes[$0]) }
        case .selection(let selection): return try selection.labels(among: classes, present: nil)
        }
    }
}
