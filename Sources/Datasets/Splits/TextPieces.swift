package import Core

/// A large text file, written in pieces so that a million items never form one string in memory.
package struct TextPieces: ~Copyable {
    private let file: PublishedFile
    private var pending: [UInt8] = []
    private var offset = 0

    /// Starts the file that will appear at `path`.
    package init(_ path: String) throws(Fault) {
        file = try PublishedFile(path)
        pending.reserveCapacity(1 << 20)
    }

    /// Appends `text`.
    package mutating func add(_ text: String) { pending.append(contentsOf: text.utf8) }

    /// Appends UTF-8 bytes.
    package mutating func add(_ bytes: some Sequence<UInt8>) { pending.append(contentsOf: bytes) }

    /// Writes the pending bytes once there are `count` of them.
    package mutating func drain(atLeast count: Int = 1 << 20) throws(Fault) {
        guard pending.count >= count else { return }
        unsafe try file.write(pending.span.bytes, at: offset)
        offset += pending.count
        pending.removeAll(keepingCapacity: true)
    }

    /// Writes the rest and puts the file in place.
    package consuming func publish() throws(Fault) {
        try drain(atLeast: 1)
        try file.publish()
    }
}
