extension String {
    /// Whether the UTF-8 bytes of `self` come before those of `other`.
    ///
    /// Swift's own `<` and `==` compare characters, so that names with different bytes can be equal.
    package func precedes(_ other: String) -> Bool {
        let mine = utf8Span.span
        let theirs = other.utf8Span.span
        for index in 0 ..< min(mine.count, theirs.count) where mine[index] != theirs[index] {
            return mine[index] < theirs[index]
        }
        return mine.count < theirs.count
    }

    /// Whether the UTF-8 bytes are equal.
    func hasBytes(of other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension Array {
    /// The index of the element named `name` in a list sorted by the bytes of the names.
    func index(ofName name: String, _ nameOf: (Element) -> String) -> Int? {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if nameOf(self[middle]).precedes(name) { low = middle + 1 } else { high = middle }
        }
        return low < count && nameOf(self[low]).hasBytes(of: name) ? low : nil
    }

    /// Sorts by the bytes of names; most lists are sorted already.
    mutating func sortByBytes(_ nameOf: (Element) -> String) {
        let isSorted = indices.dropFirst().allSatisfy { !nameOf(self[$0]).precedes(nameOf(self[$0 - 1])) }
        if !isSorted { sort { nameOf($0).precedes(nameOf($1)) } }
    }
}
