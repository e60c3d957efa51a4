internal import CHDF5

/// An open dataset of the root group.
struct Dataset: ~Copyable {
    let handle: Handle

    /// Creates a contiguous dataset, allocated at once and not filled.
    init(
        creating name: String, in file: borrowing HDF5File, _ type: Datatype, shape: [Int]
    ) throws(HDF5Error) {
        let creation = try Self.creation()
        try HDF5.call("H5Pset_layout") { H5Pset_layout(creation.id, H5D_CONTIGUOUS) }
        try HDF5.call("H5Pset_alloc_time") { H5Pset_alloc_time(creation.id, H5D_ALLOC_TIME_EARLY) }
        handle = try Self.create(name, in: file, type, shape: shape, creation)
    }

    /// Creates a chunked dataset with the filters byte shuffle and zstd.
    init(
        creating name: String, in file: borrowing HDF5File, _ type: Datatype, shape: [Int], chunk: [Int], level: UInt32
    ) throws(HDF5Error) {
        let creation = try Self.creation()
        let extent = chunk.map { hsize_t($0) }
        try HDF5.call("H5Pset_chunk") { unsafe H5Pset_chunk(creation.id, Int32(extent.count), extent) }
        try HDF5.call("H5Pset_shuffle") { H5Pset_shuffle(creation.id) }
        // The filter is optional, so that HDF5 does not search for a plugin; chunks are written compressed.
        try HDF5.call("H5Pset_filter") {
            unsafe H5Pset_filter(creation.id, Self.zstd, UInt32(H5Z_FLAG_OPTIONAL), 1, [level])
        }
        handle = try Self.create(name, in: file, type, shape: shape, creation)
    }

    /// Creates a virtual dataset that concatenates the datasets of the same name in other files.
    ///
    /// The names of the sources are relative to the file's folder.
    init(
        creatingVirtual name: String, in file: borrowing HDF5File, _ type: Datatype, shape: [Int],
        sources: [(file: String, count: Int)]
    ) throws(HDF5Error) {
        let creation = try Self.creation()
        let extent = shape.map { hsize_t($0) }
        let space = try Handle("H5Screate_simple") { unsafe H5Screate_simple(Int32(extent.count), extent, nil) }
        var first = 0
        for source in sources {
            let part = [hsize_t(source.count)] + extent.dropFirst()
            let start = [hsize_t(first)] + extent.dropFirst().map { _ in 0 }
            let from = try Handle("H5Screate_simple") { unsafe H5Screate_simple(Int32(part.count), part, nil) }
            try HDF5.call("H5Sselect_hyperslab") {
                unsafe H5Sselect_hyperslab(space.id, H5S_SELECT_SET, start, nil, part, nil)
            }
            try HDF5.call("H5Pset_virtual") { unsafe H5Pset_virtual(creation.id, space.id, source.file, name, from.id) }
            first += source.count
        }
        handle = try Self.create(name, in: file, type, shape: shape, creation)
    }

    /// The HDF Group's registered id of the Zstandard filter.
    private static let zstd: H5Z_filter_t = 32015

    private static func creation() throws(HDF5Error) -> Handle {
        let creation = try Handle("H5Pcreate") { H5Pcreate(chdf5_dataset_create()) }
        try HDF5.call("H5Pset_obj_track_times") { H5Pset_obj_track_times(creation.id, false) }
        try HDF5.call("H5Pset_fill_time") { H5Pset_fill_time(creation.id, H5D_FILL_TIME_NEVER) }
        return creation
    }

    private static func create(
        _ name: String, in file: borrowing HDF5File, _ type: Datatype, shape: [Int], _ creation: borrowing Handle
    ) throws(HDF5Error) -> Handle {
        let type = try type.make()
        let extent = shape.map { hsize_t($0) }
        let space = try Handle("H5Screate_simple") { unsafe H5Screate_simple(Int32(extent.count), extent, nil) }
        return try Handle("H5Dcreate2") {
            unsafe H5Dcreate2(
                file.handle.id, name, type.id, space.id, chdf5_default(), creation.id, chdf5_default())
        }
    }

    /// Writes the whole dataset from bytes of its type by `H5Dwrite`.
    borrowing func write(_ bytes: RawSpan, _ type: Datatype) throws(HDF5Error) {
        let type = try type.make()
        try unsafe bytes.withUnsafeBytes { buffer throws(HDF5Error) in
            _ = try HDF5.call("H5Dwrite") {
                unsafe H5Dwrite(
                    handle.id, type.id, chdf5_all(), chdf5_all(), chdf5_default(), buffer.baseAddress)
            }
        }
    }

    /// Writes a compressed chunk by `H5Dwrite_chunk`.
    borrowing func write(chunk bytes: RawSpan, at corner: [Int]) throws(HDF5Error) {
        let corner = corner.map { hsize_t($0) }
        try unsafe bytes.withUnsafeBytes { buffer throws(HDF5Error) in
            _ = try HDF5.call("H5Dwrite_chunk") {
                unsafe H5Dwrite_chunk(handle.id, chdf5_default(), 0, corner, buffer.count, buffer.baseAddress)
            }
        }
    }

    /// Closes a written dataset; see ``Handle/close(_:)``.
    consuming func close() throws(HDF5Error) { try handle.close("H5Dclose") }

    /// Returns the byte offset in the file by `H5Dget_offset`; nil unless the dataset is contiguous.
    borrowing func offset() -> Int? {
        let address = HDF5.query { H5Dget_offset(handle.id) }
        return address == chdf5_no_address() ? nil : Int(exactly: address)
    }

    /// Returns the address and size of the chunk at `corner`; nil if it was not written or a filter was skipped.
    ///
    /// Versions of the library differ in whether the address includes the user block.
    borrowing func chunk(at corner: [Int]) throws(HDF5Error) -> (address: Int, size: Int)? {
        let corner = corner.map { hsize_t($0) }
        var skipped: UInt32 = 0
        var address: haddr_t = 0
        var size: hsize_t = 0
        try HDF5.call("H5Dget_chunk_info_by_coord") {
            unsafe H5Dget_chunk_info_by_coord(handle.id, corner, &skipped, &address, &size)
        }
        guard skipped == 0, address != chdf5_no_address(), let start = Int(exactly: address),
            let count = Int(exactly: size), count > 0
        else { return nil }
        return (start, count)
    }
}
