package import Core
package import TensorFiles

/// The digest of named tensors, with their types and shapes, and of a text that belongs to them.
///
/// Safetensors has no checksum of its own, and a flipped bit in a number is a number again.
package func contentDigest(of tensors: [String: Tensor], besides text: String) -> Digest {
    var hasher = ContentHasher(text)
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) { hasher.add(name, tensor.view) }
    return hasher.finish()
}

extension SafetensorsFile {
    /// The same digest of what the file holds.
    package borrowing func contentDigest(besides text: String) throws(Fault) -> Digest {
        var hasher = ContentHasher(text)
        for name in names.sorted() { hasher.add(name, try tensor(name)) }
        return hasher.finish()
    }
}

private struct ContentHasher: ~Copyable {
    private var hasher = Digest.Hasher()

    init(_ text: String) { hash(text) }

    mutating func add(_ name: String, _ tensor: TensorView) {
        hash("\(name) \(tensor.type.rawValue) \(tensor.shape)")
        hasher.update(tensor.bytes)
    }

    /// Each text is closed by a zero byte, so that no two sequences of texts are the same bytes.
    private mutating func hash(_ text: String) { unsafe hasher.update((Array(text.utf8) + [0]).span.bytes) }

    consuming func finish() -> Digest { hasher.finish() }
}
