/// Detects mojibake, UTF-8 decoded as another encoding.
///
/// The sequences are those of ftfy 6.3's heuristic: juxtapositions of characters that are rare outside mojibake.
enum Mojibake {
    /// The roles and the characters that one position of a sequence accepts.
    private struct Position: Sendable {
        private var roles: UInt32 = 0
        private var characters: [Unicode.Scalar] = []

        init(_ text: Substring) {
            for part in text.split(separator: "|") {
                if let role = MojibakeRole.named(part) {
                    roles |= role.bit
                } else {
                    characters += tableCharacters(part)
                }
            }
        }

        func accepts(_ scalar: Unicode.Scalar, _ roles: UInt32) -> Bool {
            self.roles & roles != 0 || characters.contains(scalar)
        }
    }

    /// The sequences from `mojibake_sequences.txt`.
    private static let sequences = tableLines(PackageResources.mojibake_sequences_txt).map { line in
        line.split(separator: " ").map(Position.init)
    }

    /// Whether `text` contains a sequence that is typical of mojibake.
    static func isLikely(in text: [Unicode.Scalar]) -> Bool {
        let roles = text.map(MojibakeRole.roles)
        if text.count > 1, text[0] == "Ã" || text[0] == "Â", text[1] == " " { return true }
        return text.indices.contains { start in
            sequences.contains { sequence in
                guard start + sequence.count <= text.count else { return false }
                for (offset, position) in sequence.enumerated() {
                    guard position.accepts(text[start + offset], roles[start + offset]) else { return false }
                }
                return true
            }
        }
    }
}
