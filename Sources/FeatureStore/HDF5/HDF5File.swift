internal import CHDF5

/// An open HDF5 file with this project's layout rules.
struct HDF5File: ~Copyable {
    let handle: Handle

    /// Bytes before the HDF5 superblock: where the seal is.
    static let userBlock = 4096
    /// Objects start on a page, so that a dataset can be mapped.
    static let alignment = 4096

    /// Creates a file in the format of HDF5 1.8 to 1.10, the same bytes for the same content, with `H5Fcreate`.
    init(creating path: String, alignment: Int = Self.alignment) throws(HDF5Error) {
        let access = try Self.access(alignment: alignment)
        let creation = try Handle("H5Pcreate") { H5Pcreate(chdf5_file_create()) }
        try HDF5.call("H5Pset_userblock") { H5Pset_userblock(creation.id, hsize_t(Self.userBlock)) }
        try HDF5.call("H5Pset_obj_track_times") { H5Pset_obj_track_times(creation.id, false) }
        handle = try Handle("H5Fcreate") { unsafe H5Fcreate(path, chdf5_truncate(), creation.id, access.id) }
    }

    /// Opens a file that this process has made for more to be written, with `H5Fopen`.
    init(continuing path: String) throws(HDF5Error) {
        let access = try Self.access(alignment: Self.alignment)
        handle = try Handle("H5Fopen") { unsafe H5Fopen(path, chdf5_read_write(), access.id) }
    }

    private static func access(alignment: Int) throws(HDF5Error) -> Handle {
        let access = try Handle("H5Pcreate") { H5Pcreate(chdf5_file_access()) }
        try HDF5.call("H5Pset_libver_bounds") {
            H5Pset_libver_bounds(access.id, H5F_LIBVER_V18, H5F_LIBVER_V110)
        }
        try HDF5.call("H5Pset_alignment") { H5Pset_alignment(access.id, 1, hsize_t(alignment)) }
        // Files are immutable and replaced by rename, so a lock would only fail on network folders that have none.
        try HDF5.call("H5Pset_file_locking") { H5Pset_file_locking(access.id, false, true) }
        return access
    }

    /// Writes everything out, so that a failure is seen before the file is closed, with `H5Fflush`.
    borrowing func flush() throws(HDF5Error) {
        try HDF5.call("H5Fflush") { H5Fflush(handle.id, H5F_SCOPE_GLOBAL) }
    }

    /// Closes a file that was written to, as ``Handle/close(_:)`` does.
    consuming func close() throws(HDF5Error) { try handle.close("H5Fclose") }
}
