internal import Core

/// The messages of an HDF5 object: what a dataset or a group says of itself (version 2 of the format's object headers).
struct ObjectHeader {
    /// The kinds of messages that are read, as the format numbers them.
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

    /// Where a message's content is in the file.
    struct Message {
        let kind: Kind
        let start: Int
        let size: Int
    }

    private(set) var messages: [Message] = []

    /// A group of a feature file has some twenty messages, in two pieces.
    private static let messageLimit = 256

    /// Reads the header at `address`, which counts from behind the user block.
    init(_ file: StructureBytes, at address: Int) throws(Fault) {
        var place = try Structure.place(of: address, in: file)
        guard try file.holds("OHDR", at: place), try file.number(place + 4, 1) == 2 else {
            throw file.fault("an object without a header")
        }
        let flags = try file.number(place + 5, 1)
        // Times, and how many attributes there may be.
        place += 6 + (flags & 0x20 != 0 ? 16 : 0) + (flags & 0x10 != 0 ? 4 : 0)
        let width = 1 << (flags & 3)
        var pieces = [(start: place + width, size: try file.number(place, width))]
        var known = 0
        while known < pieces.count {
            try read(file, pieces[known], isOrdered: flags & 4 != 0)
            known += 1
            // Each piece but the first is what a message says.
            pieces = [pieces[0]]
            for message in messages where message.kind == .continuation {
                let start = try Structure.place(of: file.number(message.start, 8), in: file)
                let size = try file.number(message.start + 8, 8)
                guard size >= 8, try file.holds("OCHK", at: start) else {
                    throw file.fault("a header that goes on nowhere")
                }
                pieces.append((start + 4, size - 8))
            }
        }
    }

    /// Adds the messages between `piece.start` and its end.
    private mutating func read(
        _ file: StructureBytes, _ piece: (start: Int, size: Int), isOrdered: Bool
    ) throws(Fault) {
        let prefix = isOrdered ? 6 : 4
        let bytes = try file.piece(piece.start, piece.size)
        var place = 0
        while place + prefix <= bytes.count {
            let size = try bytes.number(place + 1, 2)
            let flags = try bytes.number(place + 3, 1)
            let kind = Kind(rawValue: try bytes.number(place, 1))
            place += prefix
            _ = try bytes.piece(place, size)
            if let kind {
                guard flags & 2 == 0, messages.count < Self.messageLimit else {
                    throw file.fault(flags & 2 == 0 ? "an object with countless messages" : "a shared message")
                }
                messages.append(Message(kind: kind, start: piece.start + place, size: size))
            }
            place += size
        }
    }

    /// The content of the one message of a kind; nil where there is none.
    @_lifetime(copy file)
    func content(_ kind: Kind, in file: StructureBytes) throws(Fault) -> StructureBytes? {
        guard let message = messages.first(where: { $0.kind == kind }) else { return nil }
        return try file.piece(message.start, message.size)
    }
}
