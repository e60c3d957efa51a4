internal import CHDF5

/// An element type of a feature file.
enum Datatype: Equatable, Sendable {
    case float16
    case float32
    case int32
    case uint64
    case uint8
    /// UTF-8 of a fixed length, padded with NUL.
    case text(width: Int)

    /// The size of an element in bytes.
    var width: Int {
        switch self {
        case .uint8: 1
        case .float16: 2
        case .float32, .int32: 4
        case .uint64: 8
        case .text(let width): width
        }
    }

    /// The size of a table's block with one checksum: complete elements, about 1 MiB.
    var blockBytes: Int { width * max(1, Seal.piece / width) }

    /// Creates the HDF5 type.
    func make() throws(HDF5Error) -> Handle {
        switch self {
        case .float16: try Self.half()
        case .float32: try Self.copy { chdf5_ieee_f32le() }
        case .int32: try Self.copy { chdf5_std_i32le() }
        case .uint64: try Self.copy { chdf5_std_u64le() }
        case .uint8: try Self.copy { chdf5_std_u8le() }
        case .text(let width): try Self.text(width)
        }
    }

    private static func copy(_ type: () -> hid_t) throws(HDF5Error) -> Handle {
        try Handle("H5Tcopy") { H5Tcopy(type()) }
    }

    /// Creates IEEE 754 binary16, which HDF5 1.10 does not predefine: 1 sign, 5 exponent, and 10 fraction bits.
    private static func half() throws(HDF5Error) -> Handle {
        let type = try copy { chdf5_ieee_f32le() }
        try HDF5.call("H5Tset_fields") { H5Tset_fields(type.id, 15, 10, 5, 0, 10) }
        try HDF5.call("H5Tset_size") { H5Tset_size(type.id, 2) }
        try HDF5.call("H5Tset_ebias") { H5Tset_ebias(type.id, 15) }
        return type
    }

    private static func text(_ width: Int) throws(HDF5Error) -> Handle {
        let type = try copy { chdf5_c_s1() }
        try HDF5.call("H5Tset_size") { H5Tset_size(type.id, width) }
        try HDF5.call("H5Tset_cset") { H5Tset_cset(type.id, H5T_CSET_UTF8) }
        try HDF5.call("H5Tset_strpad") { H5Tset_strpad(type.id, H5T_STR_NULLPAD) }
        return type
    }
}
