import Core
import Testing

@Test func whatIsLongerThanPeopleReadLosesItsMiddle() {
    let name = "first" + String(repeating: "x", count: 100_000) + "last"
    let sentence = Fault.badData("a.txt", found: name, expected: "a name").description
    #expect(sentence.hasPrefix("a.txt: found firstxxx") && sentence.hasSuffix("xxxlast, expected a name."))
    #expect(sentence.count < 500)
}

@Test func aSentenceIsOneLineAndHoldsNothingThatATerminalObeys() {
    let fault = Fault.badData(
        "a\u{1B}[2Jb.txt", found: "'x\r\ny\u{7F}\u{85}\u{2028}z' \u{1F600}\u{200D}", expected: "é")
    #expect(fault.description == "a [2Jb.txt: found 'x  y   z' \u{1F600}\u{200D}, expected é.")
}
