internal import Core

/// The settings that methods with a searched cache share.
public protocol CacheSettings: MethodSettings {
    /// α: the weight of the cache, if it is not searched.
    var alpha: Float { get }
    /// β: the sharpness of the cache, if it is not searched.
    var beta: Float { get }
    /// The upper bounds of the search.
    var search_scale: SearchScale { get }
    /// The steps of the search.
    var search_step: SearchSteps { get }
}

extension CacheSettings {
    /// The β and α that a search covers.
    func searchSpace() throws(Fault) -> SearchSpace { try SearchSpace(scale: search_scale, steps: search_step) }

    /// Throws `configuration` for an α or β outside its range.
    func checkCache() throws(Fault) {
        try require("alpha", alpha, in: 0 ... 1e4)
        try require("beta", beta, in: 0 ... 1e3)
    }
}
