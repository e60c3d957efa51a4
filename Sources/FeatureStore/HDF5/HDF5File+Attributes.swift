internal import CHDF5

extension HDF5File {
    /// Adds a text attribute to the root group.
    borrowing func setAttribute(_ name: String, _ text: String) throws(HDF5Error) {
        let bytes = Array(text.utf8)
        try setAttribute(name, .text(width: max(bytes.count, 1)), bytes.isEmpty ? [0] : bytes)
    }

    /// Adds a one-byte attribute to the root group.
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
}
