internal import Kernels

/// A tower that turns images into features, one batch at a time on one thread.
protocol ImageTower: Sendable {
    /// The number of images in a batch; an image's features do not depend on the others.
    var batchSize: Int { get }
    /// Writes the features [batchSize×D] of `pixels` [batchSize×side×side×3].
    func encode(_ pixels: Span<Float>, into features: inout MutableSpan<Float>, _ thread: LayerThread)
}

/// A tower that turns prompts into features, some at a time on one thread.
protocol TextTower: Sendable {
    /// A batch is full with so many prompts, or with so many tokens.
    var maximumPrompts: Int { get }
    var maximumTokens: Int { get }
    /// The tokens of a padded prompt that the tower reads; nil if there are none.
    func prompt(_ tokens: [Int32]) -> ArraySlice<Int32>?
    /// Writes the features [prompts×D] of prompts that ``prompt(_:)`` returned.
    func encode(
        _ prompts: ArraySlice<ArraySlice<Int32>>, into features: inout MutableSpan<Float>, _ thread: LayerThread)
}
