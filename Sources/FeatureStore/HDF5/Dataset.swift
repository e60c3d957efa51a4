internal import CHDF5

/// An open dataset of the root group.
struct Dataset: ~Copyable {
    /// The storage of a dataset's values.
    enum Layout {
        /// One piece, allocated at once and not filled.
        case contiguous
        /// Chunks with the filters byte shuffle and zstd.
        case chunks([Int])
        /// The rows of the datasets of the same name in other files, whose names are relative to the file's folder.
        case sources([VirtualSource])
    }

    private let handle: Handle

    /// Creates a dataset by `H5Dcreate2`.
    init(
        creating name: String, in file: borrowing HDF5File, _ type: Datatype, shape: [Int],
        _ layout: Layout = .contiguous
    ) throws(HDF5Error) {
        let creation = try Handle("H5Pcreate") { H5Pcreate(chdf5_dataset_create()) }
        try HDF5.call("H5Pset_obj_track_times") { H5Pset_obj_track_times(creation.id, false) }
        try HDF5.call("H5Pset_fill_time") { H5Pset_fill_time(creation.id, H5D_FILL_TIME_NEVER) }
        switch layout {
        case .contiguous:
            try HDF5.call("H5Pset_layout") { H5Pset_layout(creation.id, H5D_CONTIGUOUS) }
            try HDF5.call("H5Pset_alloc_time") { H5Pset_alloc_time(creation.id, H5D_ALLOC_TIME_EARLY) }
        case .chunks(let chunk):
            let extent = chunk.map { hsize_t($0) }
            try HDF5.call("H5Pset_chunk") { unsafe H5Pset_chunk(creation.id, Int32(extent.count), extent) }
            try HDF5.call("H5Pset_shuffle") { H5Pset_shuffle(creation.id) }
            // The filter is optional, so that HDF5 does not search for a plugin; chunks are written compressed.
            try HDF5.call("H5Pset_filter") {
                unsafe H5Pset_filter(creation.id, Self.zstd, UInt32(H5Z_FLAG_OPTIONAL), 1, [CompressedChunk.level])
            }
        case .sources(let sources):
            try Self.map(sources, name, shape: shape, creation)
        }
        let type = try type.make()
        let space = try Self.space(shape)
        handle = try Handle("H5Dcreate2") {
            unsafe H5Dcreate2(
                file.handle.id, name, type.id, space.id, chdf5_default(), creation.id, chdf5_default())
        }
    }

    /// Maps the rows of a virtual dataset to those of its sources, in order.
    private static func map(
        _ sources: [VirtualSource], _ name: String, shape: [Int], _ creation: borrowing Handle
    ) throws(HDF5Error) {
        let space = try space(shape)
        var start = shape.map { _ in hsize_t(0) }
        for source in sources {
            let part = [source.count] + shape.dropFirst()
            let from = try Self.space(part)
            try HDF5.call("H5Sselect_hyperslab") {
                unsafe H5Sselect_hyperslab(
                    space.id, H5S_SELECT_SET, start, nil, part.map { hsize_t($0) }, nil)
            }
            try HDF5.call("H5Pset_virtual") { unsafe H5Pset_virtual(creation.id, space.id, source.name, name, from.id) }
            start[0] += hsize_t(source.count)
        }
    }

    /// The HDF Group's registered id of the Zstandard filter.
    private static let zstd: H5Z_filter_t = 32015

    private static func space(_ shape: [Int]) throws(HDF5Error) -> Handle {
        let extent = shape.map { hsize_t($0) }
        return try Handle("H5Screate_simple") { unsafe H5Screate_simple(Int32(extent.count), extent, nil) }
    }

    /// Writes the whole dataset from bytes of its type by `H5Dwrite`.
    borrowing func write(_ bytes: RawSpan, _ type: Datatype) throws(HDF5Error) {
        let type = try type.make()
        try unsafe bytes.withUnsafeBytes { buffer throws(HDF5Error) in
            _ = try HDF5.call("H5Dwrite") {
                unsafe H5Dwrite(handle.id, type.id, chdf5_all(), chdf5_all(), chdf5_default(), buffer.baseAddress)
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

    /// Returns the byte offset of a contiguous dataset in the file by `H5Dget_offset`.
    borrowing func offset() throws(HDF5Error) -> Int {
        let address = HDF5.query { H5Dget_offset(handle.id) }
        guard address != chdf5_no_address(), let offset = Int(exactly: address) else {
            throw HDF5Error(call: "H5Dget_offset", frames: ["a dataset without an offset"], code: 0)
        }
        return offset
    }

    /// Returns the address of the chunk at `corner`; nil if it was not written or a filter was skipped.
    ///
    /// Versions of the library differ in whether the address includes the user block.
    borrowing func address(ofChunk corner: [Int]) throws(HDF5Error) -> Int? {
        let corner = corner.map { hsize_t($0) }
        var skipped: UInt32 = 0
        var address: haddr_t = 0
        var size: hsize_t = 0
        try HDF5.call("H5Dget_chunk_info_by_coord") {
            unsafe H5Dget_chunk_info_by_coord(handle.id, corner, &skipped, &address, &size)
        }
        guard skipped == 0, address != chdf5_no_address(), size > 0 else { return nil }
        return Int(exactly: address)
    }
}
