internal import Core

/// Text compressed by gzip.
enum GzipText {
    /// Returns the first `lines` lines of the text in `input`, without the last line's end.
    ///
    /// All of it is decompressed, and its checksum compared.
    static func head(of input: borrowing Span<UInt8>, lines: Int, file: String) throws(Fault) -> [UInt8] {
        // gzip reduces a vocabulary to two fifths; a ratio of 32 is no vocabulary.
        let limit = input.count * 32 + (1 << 16)
        var head: [UInt8] = []
        var lineEnds = 0
        let outcome = Inflation.inflate(input, .gzip) { piece in
            for byte in piece where lineEnds < lines {
                if byte == 0x0A { lineEnds += 1 }
                if lineEnds < lines { head.append(byte) }
            }
            return head.count <= limit
        }
        let failure: String
        switch outcome {
        case .whole: return head
        case .damaged: failure = "damaged or unfinished data"
        case .stopped: failure = "far more text than a file of this size holds"
        case .impossible(let reason): failure = reason
        }
        throw .badData(
            file, found: failure, expected: "merges compressed by gzip",
            remedy: "copy the file again from where the model comes from")
    }
}
