public import Core

/// The result of comparing a split with the files of its data set.
public struct CheckReport: Encodable, Sendable {
    /// The split's file name.
    public let split: String
    /// The data set's name.
    public let dataset: String
    /// The folder of the images, relative to the data root.
    public let root: String
    /// The highest severity among the findings.
    public internal(set) var verdict = CheckSeverity.fine
    /// The kinds of findings with their numbers, the most severe first.
    public internal(set) var findings: [CheckFinding] = []

    /// The size of each subset.
    public let subsets: [SubsetSize]
    /// The number of items of each class.
    public let classes: [ClassSize]
    /// The references that the counts were compared with; empty if the data set is not in the catalog.
    public internal(set) var comparedWith: [CountSource] = []
    /// Counts that differ from the reference.
    public internal(set) var countDifferences: [CountDifference] = []
    /// Classes without items in a subset that is not empty.
    public internal(set) var emptyClasses: [ClassCount] = []
    /// Classes with fewer train items than the largest common number of shots.
    public internal(set) var smallClasses: [ClassCount] = []

    /// The files read.
    public internal(set) var looked = LookedAt()
    /// The items without a file.
    public internal(set) var missing = MissingItems()
    /// Other data roots below which the images were found.
    public internal(set) var otherRoots: [String] = []
    /// Folders to rename.
    public internal(set) var renames: [Rename] = []
    /// Image folders within the folders of an archive, to be linked.
    public internal(set) var links: [Rename] = []
    /// Files that are not images.
    public internal(set) var unreadable: [FaultyItem] = []
    /// Images with damage after the header.
    public internal(set) var damaged: [FaultyItem] = []
    /// Valid images of kinds that cannot be decoded, such as CMYK in TIFF.
    public internal(set) var unsupported: [FaultyItem] = []
    /// Images that decode with a warning, which Pillow would not report.
    public internal(set) var flawed: [FaultyItem] = []
    /// Images with gray values of more than eight bits, which are clipped to 255 as in Pillow.
    public internal(set) var clipped: [FaultyItem] = []
    /// Images in another format than that of their suffix.
    public internal(set) var otherFormats: [FaultyItem] = []
    /// Paths listed with more than one class.
    public internal(set) var contradictions: [Repeat] = []
    /// Paths listed more than once.
    public internal(set) var repeatedPaths: [Repeat] = []
    /// Images with the same content under different paths.
    public internal(set) var repeatedImages: [Repeat] = []
    /// Items in another class's folder.
    public internal(set) var misplaced: [Item] = []
    /// Folders with files that the split does not list; `.` is the split's root.
    public internal(set) var unlisted: [FolderCount] = []
    /// Archives in the place of folders, and the number of items in them.
    public internal(set) var archives: [FolderCount] = []
    /// The reasons why prompts cannot be made for the classes.
    public internal(set) var prompts: [String] = []
    /// Further notes.
    public internal(set) var notes: [String] = []

    private enum CodingKeys: String, CodingKey {
        case split, dataset, root, verdict, findings, classes, comparedWith, countDifferences, emptyClasses
        case smallClasses, looked, missing, otherRoots, renames, links, unreadable, damaged, unsupported, flawed
        case clipped, otherFormats, contradictions, repeatedPaths, repeatedImages, archives, prompts, notes
        case subsets = "parts"
        case misplaced = "strangers"
        case unlisted = "beyond"
    }

    /// The size of a subset.
    public struct SubsetSize: Encodable, Sendable, Equatable {
        /// The subset.
        public let subset: Subset
        /// The number of items.
        public let items: Int
        /// The number of classes with items.
        public let classes: Int
        /// The number of items of the smallest class with items.
        public let fewest: Int
        /// The number of items of the largest class.
        public let most: Int

        private enum CodingKeys: String, CodingKey {
            case subset = "part"
            case items, classes, fewest, most
        }
    }

    /// The number of items of a class.
    public struct ClassSize: Encodable, Sendable, Equatable {
        /// The class name.
        public let name: String
        /// Items to train on.
        public let train: Int
        /// Items to choose settings on.
        public let val: Int
        /// Items to test on.
        public let test: Int
    }

    /// A reference for counts.
    public enum CountSource: String, Encodable, Sendable {
        /// The published counts.
        case catalog
        /// The published counts as upper limits, for a selection of the classes.
        case classesOfCatalog
        /// The shots of a few-shot sample.
        case sample = "draw"
    }

    /// A count that differs from its reference.
    public struct CountDifference: Encodable, Sendable, Equatable {
        /// The counted things.
        public let what: String
        /// The count in the split.
        public let found: Int
        /// The reference.
        public let expected: Int
        /// The kind of the reference.
        public let source: CountSource
    }

    /// The number of items of a class in a subset.
    public struct ClassCount: Encodable, Sendable, Equatable {
        /// The class name.
        public let name: String
        /// The subset.
        public let subset: Subset
        /// The number of items.
        public let items: Int

        private enum CodingKeys: String, CodingKey {
            case subset = "part"
            case name, items
        }
    }

    /// The files read by the check.
    public struct LookedAt: Encodable, Sendable, Equatable {
        /// The number of files whose header was read.
        public internal(set) var files = 0
        /// The number of images that were decoded completely.
        public internal(set) var decoded = 0
        /// The number of images by format.
        public internal(set) var formats: [String: Int] = [:]
    }

    /// The items without a file.
    public struct MissingItems: Encodable, Sendable, Equatable {
        /// The number of items.
        public internal(set) var items = 0
        /// Missing folders and the number of items in them; `.` is the split's root.
        public internal(set) var folders: [FolderCount] = []
        /// Missing files in existing folders.
        public internal(set) var files: [Item] = []
    }

    /// A number of files or items in a folder.
    public struct FolderCount: Encodable, Sendable, Equatable {
        /// The path below the split's root.
        public let folder: String
        /// The number of files or items.
        public let count: Int
    }

    /// A folder under another name; both paths are relative to the data root.
    public struct Rename: Encodable, Sendable, Equatable {
        /// The path in the split.
        public let expected: String
        /// The existing path.
        public let found: String
    }

    /// An item with its subset and class.
    public struct Item: Encodable, Sendable, Equatable {
        /// The subset.
        public let subset: Subset
        /// The path below the split's root.
        public let path: String
        /// The name of the item's class.
        public let className: String

        private enum CodingKeys: String, CodingKey {
            case subset = "part"
            case className = "class"
            case path
        }
    }

    /// An item whose file has a problem.
    public struct FaultyItem: Encodable, Sendable, Equatable {
        /// The subset.
        public let subset: Subset
        /// The path below the split's root.
        public let path: String
        /// The problem, or the format found.
        public let found: String

        private enum CodingKeys: String, CodingKey {
            case subset = "part"
            case path, found
        }
    }

    /// Items with the same path or the same image.
    public struct Repeat: Encodable, Sendable, Equatable {
        /// The items.
        public let items: [Item]
        /// Whether both train and test contain the item.
        public let isInTrainAndTest: Bool

        init(_ items: [Item]) {
            self.items = items
            isInTrainAndTest = items.contains { $0.subset == .train } && items.contains { $0.subset == .test }
        }
    }
}
