internal import COpenSSL
internal import CXXHash

/// A SHA-256 digest in lowercase hexadecimal, which identifies content.
public struct Digest: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    /// The 64 hexadecimal digits.
    public let rawValue: String

    /// The 64 hexadecimal digits.
    public var description: String { rawValue }

    /// Computes the digest of `bytes`.
    public init(of bytes: RawSpan) {
        var hasher = Hasher()
        hasher.update(bytes)
        self = hasher.finish()
    }

    /// Computes the digest of UTF-8 text.
    public init(of text: String) { unsafe self.init(of: Array(text.utf8).span.bytes) }

    /// Parses a digest; nil unless `rawValue` is 64 lowercase hexadecimal digits.
    public init?(rawValue: String) {
        let digits = rawValue.utf8
        guard digits.count == 64, digits.allSatisfy({ (48 ... 57).contains($0) || (97 ... 102).contains($0) }) else {
            return nil
        }
        self.rawValue = rawValue
    }

    private init(bytes: [UInt8]) { rawValue = bytes.map(hexadecimal).joined() }

    /// An incremental SHA-256 computation.
    @safe public struct Hasher: ~Copyable {
        private let context: OpaquePointer

        /// Starts a computation over no bytes.
        public init() {
            Self.prepare
            guard let made = unsafe EVP_MD_CTX_new(), unsafe EVP_DigestInit_ex(made, EVP_sha256(), nil) == 1 else {
                preconditionFailure("libcrypto has no SHA-256")
            }
            unsafe context = made
        }

        /// Keeps libcrypto from reading the system's configuration, which may name modules to load.
        private static let prepare: Void = { _ = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil) }()

        deinit { unsafe EVP_MD_CTX_free(context) }

        /// Adds `bytes` to the content.
        public mutating func update(_ bytes: RawSpan) {
            unsafe bytes.withUnsafeBytes { buffer in
                _ = unsafe EVP_DigestUpdate(context, buffer.baseAddress, buffer.count)
            }
        }

        /// Returns the digest of all bytes added.
        public consuming func finish() -> Digest {
            var bytes = [UInt8](repeating: 0, count: 32)
            var count: UInt32 = 0
            unsafe EVP_DigestFinal_ex(context, &bytes, &count)
            return Digest(bytes: bytes)
        }
    }
}

/// The XXH3 64-bit checksum of `bytes`, which detects accidental damage at memory speed, but no manipulation.
public func checksum(_ bytes: RawSpan) -> UInt64 {
    unsafe bytes.withUnsafeBytes { unsafe cxxhash_64($0.baseAddress, $0.count) }
}

/// The XXH3 64-bit checksum of `bytes`, like ``checksum(_:)``.
package func checksum(of bytes: ArraySlice<UInt8>) -> UInt64 { unsafe checksum(bytes.span.bytes) }

/// The lowercase hexadecimal digits of `value`, with leading zeros.
package func hexadecimal(_ value: some FixedWidthInteger) -> String {
    String(value, radix: 16).filled(to: value.bitWidth / 4)
}

extension String {
    /// The text with zeros before it, up to `width` characters.
    package func filled(to width: Int) -> String { String(repeating: "0", count: max(0, width - count)) + self }
}
