/// The two common lists of ImageNet's class names.
///
/// CoOp's `classnames.txt` has WordNet's short names. OpenAI's list, with which CLIP's zero-shot accuracies were
/// published, renames a third of them. Sentence files use one list or the other.
enum ImageNetNames: String {
    case coop = "CoOp's classnames.txt"
    case openAI = "OpenAI's list of ImageNet names"

    /// The names of some classes in both lists.
    private static let names: [(coop: String, openAI: String)] = [
        ("hammerhead", "hammerhead shark"), ("cock", "rooster"), ("water ouzel", "american dipper"),
        ("eft", "newt"), ("thunder snake", "worm snake"), ("hognose snake", "eastern hog-nosed snake"),
        ("american egret", "great egret"), ("boston bull", "boston terrier"), ("ice bear", "polar bear"),
        ("anemone fish", "clownfish"), ("ashcan", "trash can"), ("cellular telephone", "mobile phone"),
        ("dishrag", "dishcloth"), ("horizontal bar", "gymnastic horizontal bar"), ("sax", "saxophone"),
        ("hen-of-the-woods", "hen of the woods mushroom"), ("buckeye", "horse chestnut seed"),
    ]

    /// The list that `names` are from, judged by names that occur in one list only; nil for neither or a mixture.
    init?(of names: [String]) {
        let present = Set(names.map(ClassName.loosely))
        let coop = Self.names.count { present.contains($0.coop) }
        let openAI = Self.names.count { present.contains($0.openAI) }
        switch (coop, openAI) {
        case (3..., ...1): self = .coop
        case (...1, 3...): self = .openAI
        default: return nil
        }
    }
}
