internal import CHDF5
internal import Core

/// An open HDF5 file with the layout of feature files.
struct HDF5File: ~Copyable {
    let handle: Handle

    /// The size in bytes of the user block before the HDF5 superblock, which holds the seal.
    static let userBlock = 4096
    /// The first bytes of an HDF5 file.
    static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
    /// The alignment of objects, a page, so that a dataset can be memory-mapped.
    static let alignment = 4096

    /// Creates a file in the format of HDF5 1.8 to 1.10 by `H5Fcreate`; equal content gives equal bytes.
    init(creating path: String, alignment: Int = Self.alignment) throws(HDF5Error) {
        let access = try Self.access(alignment: alignment)
        let creation = try Handle("H5Pcreate") { H5Pcreate(chdf5_file_create()) }
        try HDF5.call("H5Pset_userblock") { H5Pset_userblock(creation.id, hsize_t(Self.userBlock)) }
        try HDF5.call("H5Pset_obj_track_times") { H5Pset_obj_track_times(creation.id, false) }
        handle = try Handle("H5Fcreate") { unsafe H5Fcreate(path, chdf5_truncate(), creation.id, access.id) }
    }

    /// Opens a file created by this process for further writing by `H5Fopen`.
    init(continuing path: String) throws(HDF5Error) {
        let access = try Self.access(alignment: Self.alignment)
        handle = try Handle("H5Fopen") { unsafe H5Fopen(path, chdf5_read_write(), access.id) }
    }

    /// Creates the temporary file of `output` with features of `shape`, and returns the byte offset of contiguous ones.
    static func begin(
        _ output: borrowing PublishedFile, _ shape: FeatureShape, _ layout: Dataset.Layout = .contiguous
    ) throws(Fault) -> Int {
        let path = output.temporaryPath
        return try HDF5.at(output.path, .inputOutput) { () throws(HDF5Error) in
            let file = try HDF5File(creating: path)
            let features = try Dataset(
                creating: "features", in: file, shape.type.datatype, shape: shape.extents, layout)
            var offset = 0
            if case .contiguous = layout { offset = try features.offset() }
            try features.close()
            try file.flush()
            try file.close()
            return offset
        }
    }

    private static func access(alignment: Int) throws(HDF5Error) -> Handle {
        let access = try Handle("H5Pcreate") { H5Pcreate(chdf5_file_access()) }
        try HDF5.call("H5Pset_libver_bounds") { H5Pset_libver_bounds(access.id, H5F_LIBVER_V18, H5F_LIBVER_V110) }
        try HDF5.call("H5Pset_alignment") { H5Pset_alignment(access.id, 1, hsize_t(alignment)) }
        // Files are immutable and replaced by rename; a lock is unnecessary and fails on some network file systems.
        try HDF5.call("H5Pset_file_locking") { H5Pset_file_locking(access.id, false, true) }
        return access
    }

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

    /// Flushes all buffers by `H5Fflush`, so that errors are reported before the file is closed.
    borrowing func flush() throws(HDF5Error) { try HDF5.call("H5Fflush") { H5Fflush(handle.id, H5F_SCOPE_GLOBAL) } }

    /// Closes a written file; see ``Handle/close(_:)``.
    consuming func close() throws(HDF5Error) { try handle.close("H5Fclose") }
}
