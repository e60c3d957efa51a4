extension Array {
    /// Returns the elements with each match replaced.
    ///
    /// `match` receives an index, and returns the replacement and the index after the match, or nil.
    func replacingMatches(_ match: (Int) -> (replacement: [Element], end: Int)?) -> [Element] {
        var result: [Element] = []
        result.reserveCapacity(count)
        var index = 0
        while index < count {
            if let (replacement, end) = match(index) {
                result += replacement
                index = end
            } else {
                result.append(self[index])
                index += 1
            }
        }
        return result
    }
}
