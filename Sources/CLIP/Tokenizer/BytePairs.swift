/// Merges the bytes of a word into tokens.
struct BytePairs {
    private let vocabulary: Vocabulary
    private var symbols: [Int32] = []
    /// The rank of each symbol with the next.
    private var ranks: [Int32] = []

    init(_ vocabulary: Vocabulary) { self.vocabulary = vocabulary }

    /// Appends the tokens of the word in `bytes` to `ids`.
    ///
    /// All occurrences of the pair with the lowest rank are merged, then those of the next pair, until no pair has a
    /// rank.
    mutating func append(_ bytes: ArraySlice<UInt8>, to ids: inout [Int32]) {
        symbols.removeAll(keepingCapacity: true)
        ranks.removeAll(keepingCapacity: true)
        for byte in bytes { symbols.append(ByteAlphabet.indices[Int(byte)]) }
        symbols[symbols.count - 1] += 256
        for index in symbols.indices.dropLast() { ranks.append(vocabulary.rank(symbols[index], symbols[index + 1])) }
        while let best = ranks.min(), best != Vocabulary.unmerged { merge(best) }
        for symbol in symbols { ids.append(vocabulary.ids[Int(symbol)]) }
    }

    /// Merges each pair of rank `best`, from the left.
    private mutating func merge(_ best: Int32) {
        let made = vocabulary.made[Int(best)]
        var kept = 0
        var index = 0
        var followsMerge = false
        while index < symbols.count {
            let isMerged = index < ranks.count && ranks[index] == best
            let symbol = isMerged ? made : symbols[index]
            // The rank of two unchanged symbols is unchanged.
            if kept > 0 {
                ranks[kept - 1] =
                    isMerged || followsMerge ? vocabulary.rank(symbols[kept - 1], symbol) : ranks[index - 1]
            }
            symbols[kept] = symbol
            kept += 1
            index += isMerged ? 2 : 1
            followsMerge = isMerged
        }
        symbols.removeSubrange(kept...)
        ranks.removeSubrange((kept - 1)...)
    }
}
