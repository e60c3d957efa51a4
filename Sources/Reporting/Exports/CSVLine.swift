/// Returns `fields` as one line of CSV, quoted as in RFC 4180.
public func csvLine(_ fields: [String]) -> String { fields.map(quoted).joined(separator: ",") + "\n" }

private func quoted(_ field: String) -> String {
    field.contains { ",\"".contains($0) || $0.isNewline } ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
}
