extension String {
    /// Whether the UTF-8 bytes of `self` come before those of `other`.
    ///
    /// Swift's own `<` and `==` are about characters: to them two names that differ in bytes can be equal.
    package func precedes(_ other: String) -> Bool {
        let (mine, theirs) = (utf8Span.span, other.utf8Span.span)
        for place in 0 ..< min(mine.count, theirs.count) where mine[place] != theirs[place] {
            return mine[place] < theirs[place]
        }
        return mine.count < theirs.count
    }

    /// Whether the bytes are the same.
    func hasBytes(of other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension Array {
    /// Where the element called `name` is in a list that is sorted by the bytes of its elements' names.
    func place(of name: String, _ nameOf: (Element) -> String) -> Int? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if nameOf(self[middle]).precedes(name) { low = middle + 1 } else { high = middle }
        }
        return low < count && nameOf(self[low]).hasBytes(of: name) ? low : nil
    }

    /// Sorts by the bytes of names; most lists come sorted.
    mutating func sortByBytes(_ nameOf: (Element) -> String) {
        let isSorted = indices.dropFirst().allSatisfy { !nameOf(self[$0]).precedes(nameOf(self[$0 - 1])) }
        if !isSorted { sort { nameOf($0).precedes(nameOf($1)) } }
    }
}
