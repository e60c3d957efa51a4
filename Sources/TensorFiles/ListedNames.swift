/// The first of `names` as a sentence lists them: some twenty, and fewer where they are long.
package func listed(_ names: [String]) -> String {
    var (shown, room) = ([Substring](), 300)
    for name in names.prefix(20) where room > 0 {
        shown.append(name.prefix(room))
        room -= name.count + 2
    }
    return shown.joined(separator: ", ") + (names.count > shown.count ? ", ..." : "")
}
