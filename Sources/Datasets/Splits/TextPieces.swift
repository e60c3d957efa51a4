package import Core

/// Text in pieces, as large files are written: a million items never stand in memory as one string.
package struct TextPieces: ~Copyable {
    private let file: PublishedFile
    private var pending: [UInt8] = []
    private var offset = 0

    package init(_ path: String) throws(Fault) {
        file = try PublishedFile(path)
        pending.reserveCapacity(1 << 20)
    }

    package mutating func add(_ text: String) { pending.append(contentsOf: text.utf8) }

    package mutating func add(_ bytes: some Sequence<UInt8>) { pending.append(contentsOf: bytes) }

    /// Writes what has gathered once it is worth a call.
    package mutating func drain(atLeast count: Int = 1 << 20) throws(Fault) {
        guard pending.count >= count else { return }
        unsafe try file.write(pending.span.bytes, at: offset)
        offset += pending.count
        pending.removeAll(keepingCapacity: true)
    }

    package consuming func publish() throws(Fault) {
        try drain(atLeast: 1)
        try file.publish()
    }
}
