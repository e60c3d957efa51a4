internal import CSimdjson
package import Core

/// One step of a walk through a JSON document, in the document's order.
///
/// Texts are lent: a split of a million items makes a million of them.
package enum JSONEvent: ~Escapable {
    case beginObject, endObject, beginArray, endArray
    case key(Span<UInt8>)
    case string(Span<UInt8>)
    case integer(Int)
    /// A number that is no 64-bit integer.
    case number(Double)
    case bool(Bool)
    case null

    /// What an error calls the value.
    package var name: String {
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
    /// The text of lent UTF-8.
    package init(copying text: Span<UInt8>) {
        self = unsafe text.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}

/// JSON value by value, so that a split of a million items never exists as a tree of objects.
package enum JSONWalk {
    /// Hands every value of the JSON document `bytes` to `visit`.
    ///
    /// The corresponding C++ library is simdjson.
    ///
    /// - Throws: `badData` with the byte at which the document is broken; what `visit` throws.
    package static func walk(
        _ bytes: RawSpan, path: String, expected: String, _ visit: (JSONEvent) throws(Fault) -> Void
    ) throws(Fault) {
        try walk(bytes, readable: bytes.byteCount, path: path, expected: expected, visit)
    }

    private static func walk(
        _ bytes: RawSpan, readable: Int, path: String, expected: String, _ visit: (JSONEvent) throws(Fault) -> Void
    ) throws(Fault) {
        var fault = unsafe csimdjson_fault()
        var thrown: Fault?
        let isWhole = withoutActuallyEscaping(visit) { visit in
            let walk = Visit(visit)
            defer { thrown = walk.thrown }
            return withExtendedLifetime(walk) {
                unsafe bytes.withUnsafeBytes { buffer in
                    unsafe csimdjson_walk(
                        buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), buffer.count, readable,
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
        throw .badData(path, found: found, expected: expected, remedy: "copy or write the file again")
    }

    /// Hands every value of the JSON document in `file` to `visit`.
    package static func walk(
        _ file: borrowing MappedFile, expected: String, _ visit: (JSONEvent) throws(Fault) -> Void
    ) throws(Fault) {
        // The rest of a mapping's last page can be read as well: most files need no copy.
        let readable = (file.byteCount + 4095) / 4096 * 4096
        try walk(file.bytes, readable: readable, path: file.path, expected: expected, visit)
    }

    private static func sentence(_ fault: csimdjson_fault, _ bytes: RawSpan) -> String {
        unsafe bytes.withUnsafeBytes { buffer in
            if let place = unsafe firstNonUTF8(buffer) { return "bytes that are no UTF-8 at byte \(place)" }
            let end = unsafe (buffer.lastIndex { $0 > 32 } ?? -1) + 1
            let place = unsafe Int(fault.offset)
            guard place < end else { return "JSON that is cut short, at byte \(end)" }
            let reason = unsafe fault.message.map { unsafe String(cString: $0) } ?? ""
            return "broken JSON at byte \(place) (\(reason.prefix { $0 != ":" && $0 != "." }))"
        }
    }
}

/// The first byte of `bytes` that belongs to no UTF-8 character.
package func firstNonUTF8(_ bytes: some Sequence<UInt8>) -> Int? {
    var parser = UTF8.ForwardParser()
    var source = bytes.makeIterator()
    var place = 0
    while true {
        switch parser.parseScalar(from: &source) {
        case .valid(let scalar): place += scalar.count
        case .emptyInput: return nil
        case .error: return place
        }
    }
}

/// What the C callback can reach; a class, as C holds its address.
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
        // Alive until the visit returns, and a visitor cannot keep an event.
        let span = unsafe Span(_unsafeStart: event.text, count: event.length)
        return unsafe _overrideLifetime(span, copying: ())
    }
}
