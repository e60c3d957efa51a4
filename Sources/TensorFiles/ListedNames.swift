/// Joins the first of `names` for a message: at most twenty names and about 300 characters.
package func listed(_ names: [String]) -> String {
    var shown = [Substring]()
    var remaining = 300
    for name in names.prefix(20) where remaining > 0 {
        shown.append(name.prefix(remaining))
        remaining -= name.count + 2
    }
    return shown.joined(separator: ", ") + (names.count > shown.count ? ", ..." : "")
}
