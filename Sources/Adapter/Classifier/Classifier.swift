public import Kernels

/// A fitted adapter: everything that inference needs, and nothing of training.
///
/// The logits of features f [B×D], unit rows unless ``readsRaw``, are the sum of the terms' logits for `v =
/// transform(f)`. Zero-shot CLIP has only a `TextTerm`, a linear probe only a `LinearTerm`, Tip-Adapter a `TextTerm`
/// and a `CacheTerm`. There is at most one term of each form.
public struct Classifier: Sendable {
    /// The number of classes C.
    public let classCount: Int
    /// The change of the features that all terms read; nil for none.
    private(set) var transform: (any FeatureTransform)?
    /// The terms, in the order in which they are added.
    package private(set) var terms: [any LogitTerm] = []
    /// Whether it takes features as the encoder gave them, not unit rows.
    public internal(set) var readsRaw = false

    /// Takes terms of different forms and the same classes in any order; nil terms are left out.
    package init(_ terms: (any LogitTerm)?..., transform: (any FeatureTransform)? = nil) {
        self.init(parts: terms.compactMap { $0 } + (transform.map { [$0] } ?? []))
    }

    /// Takes parts in any order.
    init(parts: [any ClassifierPart]) {
        classCount = parts.lazy.compactMap { ($0 as? any LogitTerm)?.classCount }.first ?? 0
        for part in parts { append(part) }
    }

    private mutating func append(_ part: any ClassifierPart) {
        if let term = part as? any LogitTerm {
            terms.insert(term, at: terms.firstIndex { $0.order > term.order } ?? terms.count)
        } else {
            transform = part as? any FeatureTransform
        }
    }

    /// The term of a form; nil if there is none.
    package subscript<Term: LogitTerm>(_ form: Term.Type) -> Term? {
        get { terms.lazy.compactMap { $0 as? Term }.first }
        set {
            terms.removeAll { $0 is Term }
            if let newValue { append(newValue) }
        }
    }

    /// All parts.
    var parts: [any ClassifierPart] { (transform.map { [$0] } ?? []) + terms }

    /// The width D of the features.
    public var width: Int { parts.lazy.compactMap(\.width).first ?? 0 }

    /// The number of values in all tensors.
    public var parameterCount: Int { tensors.values.reduce(0) { $0 + $1.rows * $1.columns } }

    /// The number of items to classify at once: 64 MB of intermediate values at most.
    var blockSize: Int { max(256, min(4096, (1 << 24) / max(1, terms.map(\.valuesPerQuery).max() ?? 0))) }

    /// Logits [B×C] of features [B×D].
    public func logits(_ features: Matrix) -> Matrix { logits(Queries(features)) }

    func logits(_ queries: Queries) -> Matrix {
        let queries = transformed(queries)
        var logits = Matrix.zeros(queries.features.rows, classCount)
        for term in terms { term.add(queries, to: &logits) }
        return logits
    }

    /// The queries that the terms read.
    func transformed(_ queries: Queries) -> Queries {
        transform.map { Queries($0.apply(queries.features)) } ?? queries
    }

    /// The sum of all terms but one, for queries that are ``transformed(_:)``.
    func without(_ form: (some LogitTerm).Type) -> Classifier {
        var rest = self
        rest.transform = nil
        rest[form] = nil
        return rest
    }

    /// The classifier for some of its classes, in the order given.
    ///
    /// For data sets that have only some of the classes, such as ImageNet-A and -R.
    public func restricted(to classes: [Int]) -> Classifier {
        var some = Classifier(parts: terms.map { $0.restricted(to: classes) })
        some.transform = transform
        some.readsRaw = readsRaw
        return some
    }

    /// The linear layer with the same logits, for features as ``readsRaw`` says; nil if the classifier is not linear.
    package var fused: LinearLayer? {
        guard transform == nil, !terms.isEmpty else { return nil }
        var layer = LinearLayer(weights: .zeros(classCount, width), bias: [Float](repeating: 0, count: classCount))
        for term in terms { guard term.add(to: &layer) else { return nil } }
        return layer
    }

    /// The class-independent part of the classifier, with the texts of other classes.
    ///
    /// CLIP-Adapter's bottleneck transfers to classes that were not trained on. All terms belong to the classes that
    /// they were fitted to, so other classifiers fall back to the texts.
    public func transferred(to text: ClassText) -> Classifier { Classifier(text.zeroShot, transform: transform) }

    /// Whether part of the classifier transfers to classes that were not trained on.
    public var isTransferable: Bool { transform != nil }
}

extension Classifier: Equatable {
    /// Whether both have equal parts and read the same kind of features.
    public static func == (a: Classifier, b: Classifier) -> Bool {
        a.readsRaw == b.readsRaw && a.parts.elementsEqual(b.parts) { $0.isEqual(to: $1) }
    }
}
