internal import Core

/// The part of every name that training code has put around a model's own names, such as `state_dict.model.`.
///
/// Tensors outside of the wrapper belong to an optimizer or to other parts of the training, and are left out. The
/// component `_orig_mod` of compiled modules counts nowhere.
struct WeightWrapper: Sendable {
    private let prefix: String

    /// Tensors that every model has one of; what precedes them is the wrapper.
    ///
    /// Names that end in others of the list come first.
    private static let landmarks = [
        "text_model.embeddings.token_embedding.weight", "vision_model.embeddings.class_embedding",
        "text.token_embedding.weight", "token_embedding.weight", "visual.class_embedding",
        "visual.layer1.0.conv1.weight", "visual.trunk.patch_embed.proj.weight",
    ]

    /// Finds the wrapper of the tensors `names`.
    ///
    /// - Throws: `badData` for tensors of several models.
    init(_ names: [String], path: String) throws(Fault) {
        var prefixes = Set(names.compactMap { Self.prefix(of: Self.plain($0)) })
        // The weights themselves, beside averaged ones or a copy, as frameworks store them.
        if prefixes.count > 1 {
            let usual = prefixes.filter { ["", "module.", "state_dict.", "state_dict.module."].contains($0) }
            if usual.count == 1 { prefixes = usual }
        }
        guard prefixes.count <= 1 else {
            throw .badData(
                path,
                found: "several models (below \(prefixes.sorted().map { "'\($0)'" }.joined(separator: " and ")))",
                expected: "the weights of one", remedy: "save the state_dict of one of them to a file of its own")
        }
        prefix = prefixes.first ?? ""
    }

    /// The name of the tensor `stored` in the model itself; nil for one outside of it.
    func innerName(_ stored: String) -> String? {
        let name = Self.plain(stored)
        return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil
    }

    private static func plain(_ name: String) -> String {
        guard name.contains("_orig_mod.") else { return name }
        return name.split(separator: ".", omittingEmptySubsequences: false).filter { $0 != "_orig_mod" }
            .joined(separator: ".")
    }

    private static func prefix(of name: String) -> String? {
        for landmark in landmarks where name.hasSuffix(landmark) {
            let prefix = name.dropLast(landmark.count)
            return prefix.isEmpty || prefix.hasSuffix(".") ? String(prefix) : nil
        }
        return nil
    }
}
