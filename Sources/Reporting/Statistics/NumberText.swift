internal import Studies

/// Formats a difference with `places` decimals and its sign.
func signed(_ value: Double, _ places: Int) -> String {
    let text = decimal(value, places)
    return text.hasPrefix("-") || !text.contains(where: { ("1" ... "9").contains($0) }) ? text : "+\(text)"
}

/// `1 run`, `3 runs`.
func counted(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }
