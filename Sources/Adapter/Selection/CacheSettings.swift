package import Core

/// The settings that methods with a searched cache share.
package protocol CacheSettings: MethodSettings {
    /// α: the weight of the cache, if it is not searched.
    var alpha: Float { get }
    /// β: the sharpness of the cache, if it is not searched.
    var beta: Float { get }
    /// The upper bounds of the search.
    var search_scale: SearchScale { get }
    /// The steps of the search.
    var search_step: SearchSteps { get }
    /// The β and α, and γ where the method has it, that a search covers.
    func searchSpace() throws(Fault) -> SearchSpace
}

extension CacheSettings {
    package func searchSpace() throws(Fault) -> SearchSpace { try SearchSpace(scale: search_scale, steps: search_step) }

    /// Throws `configuration` for a number outside the range of its name, or a search of nothing.
    public func check() throws(Fault) {
        try checkRanges()
        _ = try searchSpace()
    }
}
