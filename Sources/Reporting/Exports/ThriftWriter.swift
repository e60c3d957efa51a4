/// A writer of Thrift's compact protocol, the encoding of Parquet's metadata.
///
/// Fields are written in ascending order of their numbers.
struct ThriftWriter {
    /// The protocol's numeric code for a type.
    private enum Kind: UInt8 {
        case int = 5, long, binary = 8, list, structure = 12
    }

    private(set) var bytes: [UInt8] = []
    /// The number of the last field in each open structure.
    private var last = [0]

    mutating func field(_ number: Int, _ value: Int, is64Bit: Bool = false) {
        head(number, is64Bit ? .long : .int)
        integer(value)
    }

    mutating func field(_ number: Int, _ text: String) {
        head(number, .binary)
        binary(text)
    }

    /// Writes a structure as a field; `body` writes its fields.
    mutating func field(_ number: Int, _ body: (inout ThriftWriter) -> Void) {
        head(number, .structure)
        structure(body)
    }

    /// Writes a list of structures as a field; `body` writes the fields of an element.
    mutating func list<Element>(_ number: Int, _ elements: [Element], _ body: (inout ThriftWriter, Element) -> Void) {
        listHead(number, elements.count, .structure)
        for element in elements { structure { body(&$0, element) } }
    }

    mutating func list(_ number: Int, _ integers: [Int]) {
        listHead(number, integers.count, .int)
        integers.forEach { integer($0) }
    }

    mutating func list(_ number: Int, _ texts: [String]) {
        listHead(number, texts.count, .binary)
        texts.forEach { binary($0) }
    }

    /// Writes a structure that is no field.
    mutating func structure(_ body: (inout ThriftWriter) -> Void) {
        last.append(0)
        body(&self)
        last.removeLast()
        bytes.append(0)
    }

    private mutating func head(_ number: Int, _ kind: Kind) {
        let step = number - last[last.count - 1]
        precondition((1 ... 15).contains(step), "field \(number) after field \(last[last.count - 1])")
        bytes.append(UInt8(step) << 4 | kind.rawValue)
        last[last.count - 1] = number
    }

    private mutating func listHead(_ number: Int, _ count: Int, _ kind: Kind) {
        head(number, .list)
        bytes.append(UInt8(min(count, 15)) << 4 | kind.rawValue)
        if count >= 15 { varint(UInt64(count)) }
    }

    private mutating func binary(_ text: String) {
        varint(UInt64(text.utf8.count))
        bytes += text.utf8
    }

    /// Writes a number in zigzag form, in which small negative numbers are short too.
    private mutating func integer(_ value: Int) {
        let value = Int64(value)
        varint(UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
