internal import Adapter
public import Core
internal import FeatureStore
public import Splits

/// The classes of a feature folder that a study trains on.
public enum ClassFilter: Sendable, Equatable {
    case all
    /// The classes with text features.
    case withText
    case selection(ClassSelection)

    /// Reads `text`, `base`, `new`, the path of a file of names, or names separated by commas.
    ///
    /// - Throws: `badData` if a list cannot be read, `configuration` if no name is given.
    public init(_ text: String) throws(Fault) {
        self = text == "text" ? .withText : .selection(try ClassSelection(text))
    }

    /// The name in results; nil for all classes.
    var name: String? {
        switch self {
        case .all: nil
        case .withText: "text"
        case .selection(.base): "base"
        case .selection(.new): "new"
        case .selection(.names(let names)): "\(names.count) names"
        }
    }

    /// The words by which files and flags give the filter; nil for all classes.
    var words: [String]? {
        if case .selection(.names(let names)) = self { return names }
        return name.map { [$0] }
    }

    /// The indices of the chosen classes, ascending; nil for all of them.
    func labels(among folder: FeatureFolder, text: TextFeatures?) throws(Fault) -> [Int]? {
        let classes = folder.classes
        switch self {
        case .all: return nil
        case .withText:
            guard let text else {
                throw Fault(
                    .noInput, folder.path(of: .text), found: "no text features",
                    expected: "those of the classes to select", remedy: "import them with \(option: "text")")
            }
            let named = Set(text.classes)
            return classes.indices.filter { named.contains(classes[$0]) }
        case .selection(let selection):
            do throws(Fault) { return try selection.labels(among: classes, present: nil) } catch {
                // Imported features have no split that lists the classes.
                guard error.remedy == "\(action: .showClasses)" else { throw error }
                let some = classes.prefix(8).joined(separator: ", ") + (classes.count > 8 ? " and others" : "")
                throw error.with(remedy: "those of \(folder.path) are \(some)")
            }
        }
    }
}
