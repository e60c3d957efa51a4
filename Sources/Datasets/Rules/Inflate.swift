internal import Core

/// Opens compressed elements of MATLAB files: their sizes are checked before libmatio sees them.
enum Inflate {
    /// The bytes that the zlib stream `input` holds; the output grows as it is made.
    ///
    /// - Returns: nil if the stream is damaged or holds more than `limit` bytes.
    static func bytes(of input: Span<UInt8>, limit: Int) -> [UInt8]? {
        var output: [UInt8] = []
        let outcome = Inflation.inflate(input, .zlib) { piece in
            guard output.count + piece.count <= limit else { return false }
            output += piece
            return true
        }
        return outcome == .whole ? output : nil
    }
}
