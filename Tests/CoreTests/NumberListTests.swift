import Core
import TestSupport
import Testing

private func numbers(_ text: String) throws(Fault) -> [UInt64] { try parseNumbers(text, of: "seeds") }

@Test func numbersAreReadInTheirOrder() throws {
    #expect(try numbers("5,1-3,2") == [5, 1, 2, 3, 2])
    #expect(try numbers("18446744073709551615") == [.max])
    #expect(try numbers("18446744073709551614-18446744073709551615") == [.max - 1, .max])
}

@Test(arguments: ["", ",", "1,", "a", "3-1", "1-2-3", "-1", "0-10000", "18446744073709551616", "1 "])
func whatIsNoListOfNumbersIsRefused(text: String) {
    #expect(fault { _ = try numbers(text) }?.status == .usage)
}

@Test func aShortTextOfCountlessNumbersIsRefused() throws {
    let words = [String](repeating: "0-9999", count: 1000)
    #expect(try numbers(words.prefix(10).joined(separator: ",")).count == 100_000)
    #expect(fault { _ = try numbers(words.joined(separator: ",")) }?.status == .usage)
}
