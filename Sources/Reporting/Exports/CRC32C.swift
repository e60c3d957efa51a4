/// The CRC-32 with Castagnoli's polynomial, as used in TensorBoard's records.
package enum CRC32C {
    private static let table: [UInt32] = (0 ..< 256).map { byte in
        (0 ..< 8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0x82F6_3B78 : rest >> 1 }
    }

    /// Computes the checksum of `bytes`.
    package static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { rest, byte in table[Int((rest ^ UInt32(byte)) & 0xFF)] ^ rest >> 8 }
    }

    /// Computes the masked checksum of records, which is safe for data that contain checksums.
    package static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
        let checksum = of(bytes)
        return (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
    }
}
