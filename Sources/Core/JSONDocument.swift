public import FoundationEssentials

/// JSON with sorted keys and unescaped slashes, so that equal values give equal bytes.
public enum JSONDocument {
    /// Encodes `value` as one line without a final newline.
    public static func line(_ value: some Encodable) -> String {
        encode(value, [.sortedKeys, .withoutEscapingSlashes])
    }

    /// Encodes `value` as indented lines with a final newline.
    public static func page(_ value: some Encodable) -> String {
        encode(value, [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]) + "\n"
    }

    private static func encode(_ value: some Encodable, _ format: JSONEncoder.OutputFormatting) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = format
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do { return String(decoding: try encoder.encode(value), as: UTF8.self) } catch {
            preconditionFailure("\(type(of: value)) has no JSON form: \(error)")
        }
    }

    /// Reads the file at `path` as one JSON value.
    ///
    /// - Throws: `badData` with the location in the document that does not fit `Value`.
    public static func read<Value: Decodable>(
        _ type: Value.Type, from path: String, expected: String
    ) throws(Fault) -> Value {
        try decode(type, from: Data(TextFile(path: path).string().utf8), path: path, expected: expected)
    }

    /// Decodes one JSON value from `data`; error messages name `path`.
    public static func decode<Value: Decodable>(
        _ type: Value.Type, from data: Data, path: String, expected: String
    ) throws(Fault) -> Value {
        do { return try JSONDecoder().decode(type, from: data) } catch let error as DecodingError {
            let head = [UInt8](data.prefix(FileContent.headLength))
            throw .otherContent(
                path, head.span, found: Self.sentence(error), expected: expected, remedy: "correct the file")
        } catch {
            throw .badData(path, found: "unreadable JSON", expected: expected, remedy: "correct the file")
        }
    }

    private static func sentence(_ error: DecodingError) -> String {
        func place(_ path: [any CodingKey]) -> String {
            path.isEmpty
                ? "at the top"
                : "at " + path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context): return "no '\(key.stringValue)' \(place(context.codingPath))"
        case .typeMismatch(let type, let context):
            return "a value that is not \(kind(of: type)) \(place(context.codingPath))"
        case .valueNotFound(let type, let context):
            return "null instead of \(kind(of: type)) \(place(context.codingPath))"
        case .dataCorrupted(let context):
            return context.codingPath.isEmpty ? "broken JSON" : "an unusable value \(place(context.codingPath))"
        @unknown default: return "unreadable JSON"
        }
    }

    private static func kind(of type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is any FixedWidthInteger.Type: "an integer"
        case is any FloatingPoint.Type: "a number"
        case is [Any].Type: "a list"
        case is [String: Any].Type: "an object"
        default: "the expected kind of value"
        }
    }
}
