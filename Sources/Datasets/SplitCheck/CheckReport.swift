public import Core

/// What is right and wrong with a data set on disk, seen from a split that names its items.
public struct CheckReport: Encodable, Sendable {
    /// The split's file, without folders.
    public let split: String
    public let dataset: String
    /// The folder of the images, relative to the data root.
    public let root: String
    public internal(set) var verdict = CheckSeverity.fine
    /// How often each thing was found, the gravest first.
    public internal(set) var findings: [CheckFinding] = []

    public let parts: [PartNumbers]
    public let classes: [ClassNumbers]
    /// What the counts were compared with; nothing where the data set is not in the catalog.
    public internal(set) var comparedWith: [CountSource] = []
    public internal(set) var countDifferences: [CountDifference] = []
    /// Classes that have no items in a part in which others do.
    public internal(set) var emptyClasses: [ClassCount] = []
    /// Classes with fewer items to train on than the largest usual draw takes.
    public internal(set) var smallClasses: [ClassCount] = []

    public internal(set) var looked = LookedAt()
    public internal(set) var missing = MissingItems()
    /// Data roots below which the images are.
    public internal(set) var otherRoots: [String] = []
    public internal(set) var renames: [Rename] = []
    public internal(set) var unreadable: [FaultyItem] = []
    public internal(set) var damaged: [FaultyItem] = []
    /// Images of kinds that are not decoded here, as a TIFF of ink: sound, but features cannot be made of them.
    public internal(set) var unsupported: [FaultyItem] = []
    /// Images that decode with a warning: Pillow would take them without a word.
    public internal(set) var flawed: [FaultyItem] = []
    /// Files whose content is an image of another format than their suffix says.
    public internal(set) var otherFormats: [FaultyItem] = []
    /// Paths that are there with more than one class.
    public internal(set) var contradictions: [Repeat] = []
    public internal(set) var repeatedPaths: [Repeat] = []
    public internal(set) var repeatedImages: [Repeat] = []
    /// Items that lie in another class's folder.
    public internal(set) var strangers: [Item] = []
    /// Folders with files that no part names; the split's root itself is `.`.
    public internal(set) var beyond: [FolderCount] = []
    /// Archives in folders' places, with the items in them.
    public internal(set) var archives: [FolderCount] = []
    /// Why prompts cannot be made for the classes.
    public internal(set) var prompts: [String] = []
    /// What else there is to know.
    public internal(set) var notes: [String] = []

    /// How many items and classes a part has.
    public struct PartNumbers: Encodable, Sendable, Equatable {
        public let part: Subset
        public let items: Int
        public let classes: Int
        /// Items of the smallest and of the largest class that has any.
        public let fewest: Int
        public let most: Int
    }

    public struct ClassNumbers: Encodable, Sendable, Equatable {
        public let name: String
        public let train: Int
        public let val: Int
        public let test: Int
    }

    public enum CountSource: String, Encodable, Sendable {
        case catalog
        /// Some classes of a data set in the catalog, which can have too many items only.
        case classesOfCatalog
        /// The shots of a few-shot sample.
        case sample = "draw"
    }

    public struct CountDifference: Encodable, Sendable, Equatable {
        public let what: String
        public let found: Int
        public let expected: Int
        public let source: CountSource
    }

    public struct ClassCount: Encodable, Sendable, Equatable {
        public let name: String
        public let part: Subset
        public let items: Int
    }

    /// How closely files were looked at.
    public struct LookedAt: Encodable, Sendable, Equatable {
        /// Files whose first bytes were read.
        public internal(set) var files = 0
        /// Of these, images decoded as a whole.
        public internal(set) var decoded = 0
        /// Images by format.
        public internal(set) var formats: [String: Int] = [:]
    }

    public struct MissingItems: Encodable, Sendable, Equatable {
        public internal(set) var items = 0
        /// Folders that are missing as a whole, with the items in them; `.` is the split's root.
        public internal(set) var folders: [FolderCount] = []
        public internal(set) var files: [Item] = []
    }

    public struct FolderCount: Encodable, Sendable, Equatable {
        public let folder: String
        public let count: Int
    }

    /// A folder under another name; both are relative to the data root.
    public struct Rename: Encodable, Sendable, Equatable {
        public let expected: String
        public let found: String
    }

    public struct Item: Encodable, Sendable, Equatable {
        public let part: Subset
        public let path: String
        public let className: String

        enum CodingKeys: String, CodingKey {
            case part, path
            case className = "class"
        }
    }

    public struct FaultyItem: Encodable, Sendable, Equatable {
        public let part: Subset
        public let path: String
        public let found: String
    }

    /// Items that are the same.
    public struct Repeat: Encodable, Sendable, Equatable {
        public let items: [Item]
        /// Whether training would see what testing asks for.
        public let isInTrainAndTest: Bool

        init(_ items: [Item]) {
            self.items = items
            isInTrainAndTest = items.contains { $0.part == .train } && items.contains { $0.part == .test }
        }
    }
}
