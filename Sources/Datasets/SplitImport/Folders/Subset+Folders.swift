internal import Core

extension Subset {
    /// The subset that the name of a folder stands for, such as `Train`, `training_set`, `val2017` or `images-test`;
    /// nil for a name with any other word.
    init?(folderName name: String) { self.init(folderWords: Self.folderWords(of: name)) }

    /// The subsets of folders by their names; nil for other folders.
    ///
    /// Several subsets may have further words if they share them, such as `seg_train` and `seg_test`.
    static func subsets(ofFolders names: [String]) -> [Subset?] {
        let words = names.map(folderWords)
        let candidates = words.map { $0.contains { Subset(folderWord: $0) != nil } }
        let others = zip(words, candidates).filter(\.1).map { Set($0.0.filter { Subset(folderWord: $0) == nil }) }
        let shared = others.dropFirst().reduce(others.first ?? []) { $0.intersection($1) }
        let subsets = zip(words, candidates).map { words, isCandidate in
            isCandidate ? Subset(folderWords: words.filter { !shared.contains($0) }) : nil
        }
        let found = zip(subsets, candidates).filter(\.1).map(\.0)
        let areDistinct = found.count > 1 && Set(found).count == found.count && !found.contains(nil)
        return areDistinct ? subsets : words.map { Subset(folderWords: $0) }
    }

    private init?(folderWords words: [String]) {
        var found: Subset?
        for word in words where !Self.otherWords.contains(word) {
            guard let subset = Subset(folderWord: word), found ?? subset == subset else { return nil }
            found = subset
        }
        guard let found else { return nil }
        self = found
    }

    private static func folderWords(of name: String) -> [String] {
        ClassNaming.cleaned(name).lowercased().split { !$0.isLetter }.map(String.init)
    }

    /// Whether the name of a folder below a subset's folder says nothing of a class, as `images` or `test`.
    static func isNoClass(_ name: String) -> Bool {
        let words = name.lowercased().split { !$0.isLetter }
        return Subset(folderName: name) != nil
            || !words.isEmpty && words.allSatisfy { otherWords.contains(String($0)) }
            || ["all", "unknown", "unlabeled", "unlabelled"].contains(name.lowercased())
    }

    /// The subset of one word, which may be joined with another one: `test`, `testset`, `imagestest`.
    private init?(folderWord word: String) {
        for (subset, names) in Self.subsetWords {
            for name in names {
                let rest =
                    word.hasPrefix(name)
                    ? word.dropFirst(name.count) : word.hasSuffix(name) ? word.dropLast(name.count) : nil
                guard let rest, rest.isEmpty || rest.count > 2 && Self.otherWords.contains(String(rest)) else {
                    continue
                }
                self = subset
                return
            }
        }
        return nil
    }

    private static let subsetWords: [(subset: Subset, names: [String])] = [
        (.train, ["train", "training", "trn", "trainval"]),
        (.val, ["val", "valid", "validation", "validate", "vld", "dev", "devel", "development"]),
        (.test, ["test", "testing", "tests", "tst", "eval", "evaluation", "holdout"]),
    ]

    /// Words beside that of the subset.
    private static let otherWords: Set<String> = [
        "aug", "augmented", "clean", "crop", "cropped", "crops", "data", "dataset", "daten", "dir", "file", "files",
        "final", "folder", "full", "image", "images", "img", "imgs", "jpeg", "jpg", "large", "labeled", "labelled",
        "mini", "original", "part", "phase", "photo", "photos", "pic", "pics", "picture", "pictures", "png",
        "processed", "px", "raw", "resized", "sample", "samples", "set", "sets", "small", "sorted", "split", "subset",
        "tiny", "x",
    ]
}
