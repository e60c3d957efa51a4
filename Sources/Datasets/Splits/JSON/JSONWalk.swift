internal import CSimdjson
internal import Core

/// One event of a pass through a JSON document, in document order.
///
/// Strings are borrowed rather than copied: a split of a million items has a million of them.
enum JSONEvent: ~Escapable {
    case beginObject, endObject, beginArray, endArray
    case key(Span<UInt8>)
    case string(Span<UInt8>)
    case integer(Int)
    /// A number that is not a 64-bit integer.
    case number(Double)
    case bool(Bool)
    case null

    /// The value's name in error messages.
    var name: String {
        switch self {
        case .beginObject, .endObject: "an object"
        case .beginArray, .endArray: "a list"
        case .key(let text): "the key '\(String(copying: text))'"
        case .string(let text): "the text '\(String(copying: text))'"
        case .integer(let value): "the number \(value)"
        case .number(let value): "the number \(value)"
        case .bool(let value): "\(value)"
        case .null: "null"
        }
    }
}

extension String {
    /// A copy of borrowed UTF-8.
    init(copying text: Span<UInt8>) {
        self = unsafe text.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}

/// A streaming JSON parser, which keeps a split of a million items from becoming a tree of objects.
enum JSONWalk {
    /// Passes every event of the JSON document `bytes` to `visit`; at least `readable` bytes are in memory.
    ///
    /// The corresponding C++ library is simdjson.
    ///
    /// - Throws: `badData` with the position of the syntax error, and errors of `visit`.
    static func walk(
        _ bytes: RawSpan, readable: Int? = nil, path: String, expected: String,
        _ visit: (JSONEvent) throws(Fault) -> Void
    ) throws(Fault) {
        var fault = unsafe csimdjson_fault()
        var thrown: Fault?
        let isWhole = withoutActuallyEscaping(visit) { visit in
            let walk = Visit(visit)
            defer { thrown = walk.thrown }
            return withExtendedLifetime(walk) {
                unsafe bytes.withUnsafeBytes { buffer in
                    unsafe csimdjson_walk(
                        buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), buffer.count,
                        readable ?? buffer.count,
                        { context, event in
                            guard let context = unsafe context, let event = unsafe event else { return false }
                            return unsafe Unmanaged<Visit>.fromOpaque(context).takeUnretainedValue().pass(event.pointee)
                        },
                        Unmanaged.passUnretained(walk).toOpaque(), &fault)
                }
            }
        }
        if let thrown { throw thrown }
        guard !isWhole else { return }
        let found = unsafe sentence(fault, bytes)
        throw .otherContent(
            path, Span<UInt8>(_bytes: bytes), found: found, expected: expected, remedy: "copy or write the file again")
    }

    /// Passes every event of the JSON document in `file` to `visit`.
    ///
    /// - Throws: `badData` with the position of the syntax error, and errors of `visit`.
    static func walk(
        _ file: borrowing TextFile, expected: String, _ visit: (JSONEvent) throws(Fault) -> Void
    ) throws(Fault) {
        // simdjson needs readable bytes after the end. The last page of most mappings has them, which saves a copy.
        try walk(
            file.bytes, readable: file.readableCount, path: file.path, expected: expected, visit)
    }

    private static func sentence(_ fault: csimdjson_fault, _ bytes: RawSpan) -> String {
        unsafe bytes.withUnsafeBytes { buffer in
            if let offset = firstNonUTF8(bytes) { return "invalid UTF-8 at byte \(offset)" }
            let end = unsafe (buffer.lastIndex { $0 > 32 } ?? -1) + 1
            let offset = unsafe Int(fault.offset)
            guard offset < end else { return "truncated JSON, at byte \(end)" }
            let reason = unsafe fault.message.map { unsafe String(cString: $0) } ?? ""
            return "invalid JSON at byte \(offset) (\(reason.prefix { $0 != ":" && $0 != "." }))"
        }
    }
}

/// Returns the offset of the first byte of `bytes` that is not part of a UTF-8 character.
private func firstNonUTF8(_ bytes: RawSpan) -> Int? {
    do throws(UTF8.ValidationError) {
        _ = try UTF8Span(validating: Span(_bytes: bytes))
        return nil
    } catch { return error.byteOffsets.lowerBound }
}

/// The context of the C callback; a class because C keeps its address.
private final class Visit {
    private let visit: (JSONEvent) throws(Fault) -> Void
    private(set) var thrown: Fault?

    init(_ visit: @escaping (JSONEvent) throws(Fault) -> Void) { self.visit = visit }

    func pass(_ event: csimdjson_event) -> Bool {
        do throws(Fault) {
            unsafe try visit(JSONEvent(event))
            return true
        } catch {
            thrown = error
            return false
        }
    }
}

extension JSONEvent {
    @_lifetime(immortal)
    fileprivate init(_ event: csimdjson_event) {
        switch unsafe event.kind {
        case csimdjson_begin_object: self = .beginObject
        case csimdjson_end_object: self = .endObject
        case csimdjson_begin_array: self = .beginArray
        case csimdjson_end_array: self = .endArray
        case csimdjson_key: self = unsafe .key(Self.text(event))
        case csimdjson_string: self = unsafe .string(Self.text(event))
        case csimdjson_integer: self = unsafe .integer(Int(event.integer))
        case csimdjson_number: self = unsafe .number(event.number)
        case csimdjson_bool: self = unsafe .bool(event.integer != 0)
        default: self = .null
        }
    }

    @_lifetime(immortal)
    private static func text(_ event: csimdjson_event) -> Span<UInt8> {
        // The text is valid until the visitor returns, and a visitor cannot keep an event.
        let span = unsafe Span(_unsafeStart: event.text, count: event.length)
        return unsafe _overrideLifetime(span, copying: ())
    }
}
