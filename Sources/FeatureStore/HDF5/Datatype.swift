internal import CHDF5

/// An element type of a feature file.
enum Datatype: Equatable, Sendable {
    case float16, float32, int32, uint64, uint8
    /// UTF-8 of a fixed length, padded with NUL.
    case text(width: Int)

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

    var isText: Bool { if case .text = self { true } else { false } }

    func make() throws(HDF5Error) -> Handle {
        let type = try Handle("H5Tcopy") { H5Tcopy(prototype) }
        switch self {
        case .float16:
            // IEEE 754 binary16, which HDF5 1.10 does not predefine: 1 sign, 5 exponent, and 10 fraction bits.
            try HDF5.call("H5Tset_fields") { H5Tset_fields(type.id, 15, 10, 5, 0, 10) }
            try HDF5.call("H5Tset_size") { H5Tset_size(type.id, 2) }
            try HDF5.call("H5Tset_ebias") { H5Tset_ebias(type.id, 15) }
        case .text(let width):
            try HDF5.call("H5Tset_size") { H5Tset_size(type.id, width) }
            try HDF5.call("H5Tset_cset") { H5Tset_cset(type.id, H5T_CSET_UTF8) }
            try HDF5.call("H5Tset_strpad") { H5Tset_strpad(type.id, H5T_STR_NULLPAD) }
        default: break
        }
        return type
    }

    /// The predefined type that is equal or adapted.
    private var prototype: hid_t {
        switch self {
        case .float16, .float32: chdf5_ieee_f32le()
        case .int32: chdf5_std_i32le()
        case .uint64: chdf5_std_u64le()
        case .uint8: chdf5_std_u8le()
        case .text: chdf5_c_s1()
        }
    }
}
