internal import Core
internal import TensorFiles

/// The use of an array in an import.
enum ArrayRole: CaseIterable {
    case images, labels, text, ids

    /// The plural in messages.
    var title: String {
        switch self {
        case .images: "image features"
        case .labels: "labels"
        case .text: "text features"
        case .ids: "names of rows"
        }
    }

    /// Whether an array of this shape and content may have the role.
    func fits(_ entry: ArrayListing.Entry) -> Bool {
        guard case .numbers(let type) = entry.content else {
            return entry.content == .texts && entry.shape.count == 1 && (self == .labels || self == .ids)
        }
        return switch self {
        case .images, .text: type.isFloatingPoint && (2 ... 3).contains(entry.shape.count)
        case .labels: entry.shape.count == 1 || (entry.shape.count == 2 && !type.isFloatingPoint)
        case .ids: false
        }
    }
}

/// The words of an array's name, such as `train` and `features` of `featuresTrain` or `train_features`.
struct NameWords {
    private let words: Set<String>

    init(_ name: String) {
        var words: [String] = []
        var last: Character = " "
        for character in name {
            defer { last = character }
            guard character.isLetter else { continue }
            let continues = last.isLetter && !(last.isLowercase && character.isUppercase)
            if continues, let word = words.popLast() {
                words.append(word + character.lowercased())
            } else {
                words.append(character.lowercased())
            }
        }
        self.words = Set(words)
    }

    /// The use of the array; nil if no word tells.
    ///
    /// `image_paths` and `text_labels` are called by what they are, so the words of features come last.
    var role: ArrayRole? { Self.roles.first { !words.isDisjoint(with: $0.words) }?.role }

    /// The subset of the array's rows; nil if no word tells.
    var subset: Subset? { Self.subsets.first { !words.isDisjoint(with: $0.words) }?.subset }

    private static let roles: [(role: ArrayRole, words: Set<String>)] = [
        (.ids, ["path", "paths", "impath", "impaths", "id", "ids", "filename", "filenames", "names"]),
        (.labels, ["label", "labels", "lab", "target", "targets", "y", "l", "gt"]),
        (.text, ["text", "texts", "txt", "prompt", "prompts", "classifier", "zeroshot", "weights"]),
        (
            .images,
            [
                "image", "images", "img", "feature", "features", "feat", "feats", "embedding", "embeddings", "emb",
                "embs", "vecs", "visual", "x", "f",
            ]
        ),
    ]
    private static let subsets: [(subset: Subset, words: Set<String>)] = [
        (.train, ["train", "training"]), (.val, ["val", "valid", "validation"]), (.test, ["test", "testing"]),
    ]
}

extension ArrayFile {
    /// Returns the array that has a role: the named one, the only one, or the one that its name or form tells.
    ///
    /// A name followed by a period begins the names of a nested dictionary, in which the array is looked for.
    ///
    /// - Throws: `badData` if there is none or several may have the role.
    func entry(for role: ArrayRole, named name: String?, part: Subset?) throws(Fault) -> ArrayListing.Entry {
        var candidates = entries
        if let name {
            if let exact = entries.first(where: { $0.name == name }) { return exact }
            candidates = entries.filter { $0.name.hasPrefix("\(name).") }
            guard !candidates.isEmpty else {
                throw .badData(
                    path, found: "no tensor '\(name)'",
                    expected: entries.isEmpty ? "any tensor" : "one of \(listed(entries.map(\.name)))",
                    remedy: "use one of these names")
            }
        }
        // An array of another subset is taken only if it is named.
        if name == nil, let part {
            candidates = candidates.filter { [nil, part].contains(NameWords($0.name).subset) }
        }
        guard candidates.count != 1 else { return candidates[0] }
        for pool in Self.pools(of: candidates, for: role) where !pool.isEmpty {
            let own = pool.filter { part != nil && NameWords($0.name).subset == part }
            if let entry = pool.count == 1 ? pool.first : own.count == 1 ? own.first : nil { return entry }
            throw undecided("several arrays that can be the \(role.title)", pool)
        }
        throw undecided("no array that can be the \(role.title)", entries)
    }

    /// The arrays by how surely they have the role: by name and form, by name, by form unless another name, by form.
    private static func pools(of entries: [ArrayListing.Entry], for role: ArrayRole) -> [[ArrayListing.Entry]] {
        let named = entries.filter { NameWords($0.name).role == role }
        let fitting = entries.filter(role.fits)
        return [
            named.filter(role.fits), named, fitting.filter { NameWords($0.name).role == nil }, fitting,
        ]
    }

    private func undecided(_ found: String, _ entries: [ArrayListing.Entry]) -> Fault {
        let names = entries.map { "'\($0.name)' \($0.shape)" }
        let example = entries.first.map { ", as \(path):\($0.name)" } ?? ""
        return .badData(
            path, found: "\(found)\(names.isEmpty ? "" : " (\(listed(names)))")", expected: "one",
            remedy: "name it after a colon\(example)")
    }
}
