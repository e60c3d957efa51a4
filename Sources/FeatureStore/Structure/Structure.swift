internal import Core

/// The HDF5 structures of a feature file: its root group, read without the library.
///
/// HDF5 was not written for hostile bytes, and a seal says only that nothing has changed since it was made. So what the library
/// would be asked is read here, out of those of the format's structures that it writes for this project.
struct Structure {
    private var links: [String: Int] = [:]
    private var attributes: [String: StoredAttribute] = [:]

    /// Reads the root group of a file behind its user block.
    ///
    /// - Throws: `badData` for structures that no feature file has.
    init(_ file: StructureBytes) throws(Fault) {
        let start = HDF5File.userBlock
        guard try file.piece(start, 8).array() == [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A],
            [2, 3].contains(try file.number(start + 8, 1)), try file.number(start + 9, 2) == 0x0808,
            try file.number(start + 12, 8) == HDF5File.userBlock
        else { throw file.fault("no HDF5 file of version 1.8 to 1.10") }
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

    private mutating func add(_ link: StoredLink, _ file: StructureBytes) throws(Fault) {
        guard let address = link.address else { return }
        guard links.updateValue(address, forKey: link.name) == nil else {
            throw file.fault("two datasets '\(link.name)'")
        }
    }

    /// The dataset called `name`; nil where there is none.
    func dataset(_ name: String, in file: StructureBytes) throws(Fault) -> StoredDataset? {
        guard let address = links[name] else { return nil }
        return try StoredDataset(file, at: address)
    }

    /// The text of an attribute; nil where there is none of a fixed length.
    func text(ofAttribute name: String) -> String? {
        guard let attribute = attributes[name], case .text = attribute.type else { return nil }
        return String(validating: attribute.bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// The number in an attribute of one byte; nil where there is none.
    func number(ofAttribute name: String) -> UInt8? {
        guard let attribute = attributes[name], attribute.type == .uint8 else { return nil }
        return attribute.bytes.first
    }

    /// Where in the file an address is, which counts from behind the user block.
    static func place(of address: Int, in file: StructureBytes) throws(Fault) -> Int {
        let (place, overflow) = address.addingReportingOverflow(HDF5File.userBlock)
        guard !overflow, place < file.count else { throw file.fault("an address outside the file") }
        return place
    }
}
