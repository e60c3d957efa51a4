internal import Core

/// The header of an HDF5 object (version 2 of the format): the messages that describe a dataset or group.
struct ObjectHeader {
    /// The format's numeric code for a message type.
    enum Kind: Int {
        case dataspace = 0x01
        case linkInfo = 0x02
        case datatype = 0x03
        case link = 0x06
        case layout = 0x08
        case filters = 0x0B
        case attribute = 0x0C
        case continuation = 0x10
    }

    struct Message {
        let kind: Kind
        let start: Int
        let size: Int
    }

    private(set) var messages: [Message] = []

    /// The maximum number of messages; the root group of a feature file has about twenty.
    private static let messageLimit = 256

    /// Reads the header at `address`, which is relative to the end of the user block.
    init(_ file: HDF5Bytes, at address: Int) throws(Fault) {
        var offset = try file.offset(of: address)
        guard try file.holds("OHDR", at: offset), try file.number(offset + 4, 1) == 2 else {
            throw file.invalid("an object without a header")
        }
        let flags = try file.number(offset + 5, 1)
        // Optional times and limits of attributes.
        offset += 6 + (flags & 0x20 != 0 ? 16 : 0) + (flags & 0x10 != 0 ? 4 : 0)
        let width = 1 << (flags & 3)
        var pieces = [(start: offset + width, size: try file.number(offset, width))]
        var known = 0
        while known < pieces.count {
            let first = messages.count
            try read(file, pieces[known], isOrdered: flags & 4 != 0)
            known += 1
            // Each continuation message adds a piece.
            for message in messages[first...] where message.kind == .continuation {
                let start = try file.offset(of: file.number(message.start, 8))
                let size = try file.number(message.start + 8, 8)
                guard size >= 8, try file.holds("OCHK", at: start) else {
                    throw file.invalid("a header with an invalid continuation")
                }
                pieces.append((start + 4, size - 8))
            }
        }
    }

    private mutating func read(_ file: HDF5Bytes, _ piece: (start: Int, size: Int), isOrdered: Bool) throws(Fault) {
        let prefix = isOrdered ? 6 : 4
        let bytes = try file.piece(piece.start, piece.size)
        var offset = 0
        while offset + prefix <= bytes.count {
            let size = try bytes.number(offset + 1, 2)
            let flags = try bytes.number(offset + 3, 1)
            let kind = Kind(rawValue: try bytes.number(offset, 1))
            offset += prefix
            _ = try bytes.piece(offset, size)
            if let kind {
                guard flags & 2 == 0, messages.count < Self.messageLimit else {
                    throw file.invalid(flags & 2 == 0 ? "an object with too many messages" : "a shared message")
                }
                messages.append(Message(kind: kind, start: piece.start + offset, size: size))
            }
            offset += size
        }
    }

    /// Returns the content of the first message of a kind; nil if there is none.
    @_lifetime(copy file)
    func content(_ kind: Kind, in file: HDF5Bytes) throws(Fault) -> HDF5Bytes? {
        guard let message = messages.first(where: { $0.kind == kind }) else { return nil }
        return try file.piece(message.start, message.size)
    }
}
