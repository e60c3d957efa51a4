internal import Core

/// The root group of a feature file, read without the HDF5 library.
///
/// The library is not safe for hostile files, and a valid seal only proves that a file is unchanged. This reader
/// supports the structures that the library writes for this project.
struct RootGroup {
    private var links: [String: Int] = [:]
    private var attributes: [String: StoredAttribute] = [:]

    /// Reads the root group after the user block, or throws `badData` for unsupported or invalid structures.
    init(_ file: HDF5Bytes) throws(Fault) {
        let start = HDF5File.userBlock
        guard try file.piece(start, 8).array() == HDF5File.signature,
            [2, 3].contains(try file.number(start + 8, 1)), try file.number(start + 9, 2) == 0x0808,
            try file.number(start + 12, 8) == HDF5File.userBlock
        else { throw file.invalid("no HDF5 structures of version 1.8 to 1.10") }
        let root = try ObjectHeader(file, at: file.number(start + 36, 8))
        for message in root.messages {
            let content = try file.piece(message.start, message.size)
            switch message.kind {
            case .link: try add(StoredLink(content), file)
            case .linkInfo: for link in try StoredLink.heaped(content, file) { try add(link, file) }
            case .attribute:
                let attribute = try StoredAttribute(content)
                attributes[attribute.name] = attribute
            default: break
            }
        }
    }

    private mutating func add(_ link: StoredLink, _ file: HDF5Bytes) throws(Fault) {
        guard let address = link.address else { return }
        guard links.updateValue(address, forKey: link.name) == nil else {
            throw file.invalid("two datasets '\(link.name)'")
        }
    }

    func dataset(_ name: String, in file: HDF5Bytes) throws(Fault) -> StoredDataset? {
        guard let address = links[name] else { return nil }
        return try StoredDataset(file, at: address)
    }

    /// Returns the text of a fixed-length attribute; nil if there is none.
    func text(ofAttribute name: String) -> String? {
        guard let attribute = attributes[name], case .text = attribute.type else { return nil }
        return String(validating: attribute.bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Returns the value of a one-byte attribute; nil if there is none.
    func number(ofAttribute name: String) -> UInt8? {
        guard let attribute = attributes[name], attribute.type == .uint8 else { return nil }
        return attribute.bytes.first
    }
}
