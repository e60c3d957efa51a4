package import Core
package import Kernels

/// Every form of a classifier's parts; terms are added in this order.
let classifierParts: [any ClassifierPart.Type] = [
    Bottleneck.self, TextTerm.self, LinearTerm.self, ClassBridge.self, CacheTerm.self,
]

/// A part of a classifier, with the names under which its values are saved.
///
/// A new form of inference is one file with a type that conforms to `LogitTerm` or `FeatureTransform`, and its line
/// in ``classifierParts``.
package protocol ClassifierPart: Sendable, Equatable {
    /// The width D of the features that it reads; nil if its tensors leave it open.
    var width: Int? { get }
    /// The saved tensors, by name.
    var tensors: [String: Matrix] { get }
    /// The saved numbers, by name.
    var numbers: [String: Float] { get }
    /// Reads the part from a saved classifier; nil if it has no such part.
    ///
    /// - Throws: `badData` if tensors or numbers are missing or contradict each other.
    init?(from stored: StoredTensors) throws(Fault)
    /// Throws `badData` unless the part can read features of `width`.
    func check(width: Int, in stored: StoredTensors) throws(Fault)
}

/// An additive contribution to a classifier's logits.
package protocol LogitTerm: ClassifierPart {
    /// C.
    var classCount: Int { get }
    /// Adds the term's logits for the queries to `logits` [B×C].
    func add(_ queries: Queries, to logits: inout Matrix)
    /// The term for some of its classes, in the order given.
    func restricted(to classes: [Int]) -> Self
    /// Adds the term to a linear layer.
    ///
    /// - Returns: false, with the layer unchanged, if the term is not linear in the features.
    func add(to layer: inout LinearLayer) -> Bool
    /// The number of intermediate values per query, which bounds how many are classified at once.
    var valuesPerQuery: Int { get }
}

/// A change of the image features that precedes all terms and does not depend on the classes.
package protocol FeatureTransform: ClassifierPart {
    /// The changed features [B×D] of unit rows [B×D].
    func apply(_ features: Matrix) -> Matrix
}

extension ClassifierPart {
    package var numbers: [String: Float] { [:] }
    package func check(width: Int, in stored: StoredTensors) throws(Fault) {}

    func isEqual(to other: any ClassifierPart) -> Bool { (other as? Self) == self }

    /// The place of the part's form among ``classifierParts``.
    var order: Int { classifierParts.firstIndex { $0 == Self.self } ?? classifierParts.count }
}

extension LogitTerm {
    package func add(to layer: inout LinearLayer) -> Bool { false }
    package var valuesPerQuery: Int { 0 }
}
