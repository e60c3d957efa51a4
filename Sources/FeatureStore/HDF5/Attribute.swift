internal import CHDF5

extension HDF5File {
    /// Attaches `text` to the root group.
    borrowing func setAttribute(_ name: String, _ text: String) throws(HDF5Error) {
        let bytes = Array(text.utf8)
        try setAttribute(name, .text(width: max(bytes.count, 1)), bytes.isEmpty ? [0] : bytes)
    }

    /// Attaches a small number to the root group.
    borrowing func setAttribute(_ name: String, _ value: UInt8) throws(HDF5Error) {
        try setAttribute(name, .uint8, [value])
    }

    private borrowing func setAttribute(_ name: String, _ type: Datatype, _ bytes: [UInt8]) throws(HDF5Error) {
        let type = try type.make()
        let space = try Handle("H5Screate") { H5Screate(H5S_SCALAR) }
        let attribute = try Handle("H5Acreate2") {
            unsafe H5Acreate2(handle.id, name, type.id, space.id, chdf5_default(), chdf5_default())
        }
        try HDF5.call("H5Awrite") { unsafe H5Awrite(attribute.id, type.id, bytes) }
    }

    /// The text of a root attribute; nil if there is none of the fixed-length kind.
    borrowing func text(ofAttribute name: String) throws(HDF5Error) -> String? {
        guard case (.text, let bytes)? = try attribute(name) else { return nil }
        return String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// The number in a root attribute of one byte; nil if there is none.
    borrowing func number(ofAttribute name: String) throws(HDF5Error) -> UInt8? {
        guard case (.uint8, let bytes)? = try attribute(name) else { return nil }
        return bytes.first
    }

    private borrowing func attribute(_ name: String) throws(HDF5Error) -> (Datatype, [UInt8])? {
        guard try HDF5.call("H5Aexists", { unsafe H5Aexists(handle.id, name) }) > 0 else { return nil }
        let attribute = try Handle("H5Aopen") { unsafe H5Aopen(handle.id, name, chdf5_default()) }
        let type = try Handle("H5Aget_type") { H5Aget_type(attribute.id) }
        let space = try Handle("H5Aget_space") { H5Aget_space(attribute.id) }
        let count = try HDF5.call("H5Sget_simple_extent_npoints") { H5Sget_simple_extent_npoints(space.id) }
        guard count == 1, let kind = try Datatype(type) else { return nil }
        var bytes = [UInt8](repeating: 0, count: kind.width)
        try HDF5.call("H5Aread") { unsafe H5Aread(attribute.id, type.id, &bytes) }
        return (kind, bytes)
    }
}
