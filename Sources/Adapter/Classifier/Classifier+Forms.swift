public import Kernels

extension Classifier {
    /// The classifier of some of its classes, in the order given.
    ///
    /// For data sets that have only some of the classes, such as ImageNet-A and -R.
    public func restricted(to classes: [Int]) -> Classifier {
        var some = self
        some.classCount = classes.count
        some.text = text?.rows(at: classes)
        if let bridge {
            some.bridge?.logSums = bridge.logSums.rows(at: classes)
            some.bridge?.counts = classes.map { bridge.counts[$0] }
        }
        if let linear {
            some.linear = Linear(
                weights: linear.weights.rows(at: classes), bias: classes.map { linear.bias[$0] },
                weight: linear.weight)
        }
        if let cache { some.cache = cache.restricted(to: classes) }
        return some
    }

    /// The one weight matrix [C×D] and bias [C] that do all the classifier does, where it is linear in the unit feature.
    ///
    /// `z = f·weightsᵀ + bias`, with f as ``readsRaw`` says. nil where keys, a bottleneck or a bridge count.
    public var fused: (weights: Matrix, bias: [Float])? {
        guard cache == nil, bottleneck == nil, bridge == nil, text != nil || linear != nil else { return nil }
        var weights = Matrix.zeros(classCount, width)
        var bias = [Float](repeating: 0, count: classCount)
        if let text { add(text, scale: logitScale, to: &weights) }
        if let linear {
            add(linear.weights, scale: linear.weight, to: &weights)
            for c in bias.indices { bias[c] += linear.weight * linear.bias[c] }
        }
        return (weights, bias)
    }

    /// What of the classifier knows no classes, with the texts of other classes in place of its own.
    ///
    /// CLIP-Adapter's bottleneck carries over to classes that were not trained on. Keys, linear weights and residuals of
    /// texts belong to the classes that they were fitted for: such a classifier falls back to the texts.
    public func transferred(to text: ClassText) -> Classifier {
        Classifier(text: text.classifier, bottleneck: bottleneck, classCount: text.classCount)
    }

    /// Whether anything of it carries over to classes that were not trained on.
    public var carriesOver: Bool { bottleneck != nil }
}

extension Classifier.Cache {
    fileprivate func restricted(to classes: [Int]) -> Self {
        var places: [Int: Int] = [:]
        for (place, c) in classes.enumerated() { places[c] = place }
        if let values {
            var some = self
            some.values = values.columns(at: classes)
            some.owners = KeyOwners(owners.owners.map { places[$0] ?? 0 }, classCount: classes.count)
            return some
        }
        let kept = owners.owners.indices.filter { places[owners.owners[$0]] != nil }
        var some = self
        some.keys = keys.rows(at: kept)
        some.owners = KeyOwners(kept.map { places[owners.owners[$0]] ?? 0 }, classCount: classes.count)
        some.strengths = strengths.map { strengths in kept.map { strengths[$0] } }
        return some
    }
}
